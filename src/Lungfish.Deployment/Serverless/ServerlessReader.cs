using System.Collections.Immutable;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Intrinsics;
using Lungfish.Deployment.Packaging;
using Lungfish.Deployment.Variables;

namespace Lungfish.Deployment.Serverless;

/// <summary>Reads serverless.yml with the Step Functions plugin's section. No plugin is executed.</summary>
public static class ServerlessReader
{
    private static readonly ImmutableArray<string> Plugins =
        ["serverless-offline", "serverless-pseudo-parameters", "serverless-step-functions"];

    /// <exception cref="DeploymentException">The file asks for something that is wrong or not read yet.</exception>
    public static Application Read(string fileName, string text, ReadOptions options)
    {
        var root = YamlDocumentReader.Read(fileName, text);
        var problems = new Problems(fileName);
        var (stage, region) = ReadPlace(root, options, problems);
        var variables = new VariableResolver(Sources(root, options, stage, region), problems);
        var context = new ReadContext(fileName, problems, variables.Resolve);
        var service = new Reading(context, options, stage, region).Read(root);
        problems.ThrowIfAny();
        return service;
    }

    /// <summary>The region that the file names, so that a server can be started there.</summary>
    public static string? FindRegion(string fileName, string text, ReadOptions options)
    {
        var root = YamlDocumentReader.Read(fileName, text);
        return ReadPlace(root, options with { Region = null }, new Problems(fileName)).Region;
    }

    private static (string Stage, string Region) ReadPlace(
        DocumentNode root, ReadOptions options, Problems problems)
    {
        var stage = options.Stage ?? "dev";
        var region = options.Region ?? "us-east-1";
        var variables = new VariableResolver(Sources(root, options, stage, region), problems);
        if (root is not MapNode map || !map.TryGet("provider", out var provider) || provider is not MapNode settings)
        {
            return (stage, region);
        }

        if (options.Stage is null && settings.TryGet("stage", out var ownStage)
            && variables.Resolve(ownStage, "provider.stage") is ScalarNode { Text: { Length: > 0 } named })
        {
            stage = named;
        }

        if (options.Region is null && settings.TryGet("region", out var ownRegion)
            && variables.Resolve(ownRegion, "provider.region") is ScalarNode { Text: { Length: > 0 } place })
        {
            region = place;
        }

        return (stage, region);
    }

    private static VariableSources Sources(DocumentNode root, ReadOptions options, string stage, string region) =>
        new()
        {
            Self = root,
            Stage = stage,
            Region = region,
            AccountId = options.AccountId,
            Environment = options.Environment,
        };

    private sealed class Reading(ReadContext context, ReadOptions options, string stage, string region)
    {
        public Application Read(DocumentNode root)
        {
            var file = new Section(root, "", context);
            var name = ServiceName(file);
            ReadPlugins(file);
            var provider = ProviderReader.Read(file, context);
            var package = PackageReader.Read(file, PackagePatterns.Everything);
            var functions = FunctionsReader.Read(file, provider, package, $"{name}-{stage}");
            var place = new StackPlace(options.Partition, region, options.AccountId, $"{name}-{stage}");
            var names = new ReferenceTable
            {
                Place = place,
                Resources =
                    References(functions.Select(f => (f.Function.Key, Arn: place.FunctionArn(f.Function.Name)))),
            };
            var versions = References(functions.Select(f => (f.Function.Key, Arn: VersionArn(f.Function, place))));
            var read = new StateMachinesReader(context, names, versions, options.GenerateName, stage).Read(file);
            file.Accept(
            "app", "configValidationMode", "console", "custom", "deprecationNotificationMode",
            "disabledDeprecations", "frameworkVersion", "org", "tenant", "variablesResolutionMode");
            file.Refuse(
                "resources",
                "CloudFormation resources come later: take the section out, or make them with the aws command.");
            file.Refuse("layers", "Put what the layer holds beside the function.");
            file.Refuse("params", "Write the values under custom and refer to them with self.");
            file.Refuse("useDotenv", "Set the variables in the environment instead.");
            file.End();
            _ = context.AcceptedOnly.Remove("custom"); // It holds what variables refer to.
            return new Application
            {
                FileName = context.FileName,
                Name = name,
                Stage = stage,
                Versions = provider.VersionsFunctions
                    ? [.. functions.Select(f => f.Function).Where(f => f.Durable is not null || read.UsesVersions)
                        .Select(f => new VersionResource(f.Name, f.Description))]
                    : [],
                Functions = [.. functions.Select(f => f.Function with
                {
                    Environment = f.Environment.Resolve(read.References, context.Problems),
                })],
                StateMachines = read.Machines,
                Activities = read.Activities,
                HttpEvents = read.HttpEvents,
                AcceptedOnly = context.AcceptedOnly.ToImmutable(),
            };
        }

        private string ServiceName(Section file)
        {
            if (file.Read("service") is MapNode map)
            {
                var service = new Section(map, "service", context);
                var name = service.RequireText("name");
                service.Accept("awsKmsKeyArn");
                service.End();
                return name;
            }

            return file.RequireText("service");
        }

        private void ReadPlugins(Section file)
        {
            var plugins = file.Read("plugins") switch
            {
                null => [],
                ListNode list => list.Items,
                MapNode map when map.TryGet("modules", out var modules) && modules is ListNode list => list.Items,
                var other => Complain(other),
            };
            foreach (var plugin in plugins.OfType<ScalarNode>().Where(p => !Plugins.Contains(p.Display)))
            {
                var advice =
                    "Take it out if the service runs without it; plugins are Node programs and none is executed.";
                file.Complain(plugin.Mark, "plugins", $"the plugin {plugin.Display} is not known", advice);
            }

            ImmutableArray<DocumentNode> Complain(DocumentNode node)
            {
                file.Complain(
                    node.Mark, "plugins", $"this is {node.Kind}, and must be a list", "List the plugins' names.");
                return [];
            }
        }

        private string VersionArn(FunctionResource function, StackPlace place) =>
            $"{place.FunctionArn(function.Name)}:{options.PublishedVersion(function.Name) ?? "1"}";

        /// <summary>CloudFormation's Ref is the bare name, which no Task state takes; the plugin writes the ARN
        /// instead.</summary>
        private static ImmutableDictionary<string, ResourceReference> References(
            IEnumerable<(string Key, string Arn)> functions)
        {
            var resources = ImmutableDictionary.CreateBuilder<string, ResourceReference>();
            foreach (var (key, arn) in functions)
            {
                var reference = ResourceReference.Of(arn, ("Arn", arn));
                resources[ServerlessNames.FunctionId(key)] = reference;
                resources[key] = reference;
            }

            return resources.ToImmutable();
        }
    }
}
