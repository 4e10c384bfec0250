using System.Collections.Immutable;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Intrinsics;
using Lungfish.Deployment.Packaging;
using Lungfish.Deployment.Variables;

namespace Lungfish.Deployment.Serverless;

public sealed record ServerlessOptions
{
    /// <summary>As the framework's <c>--stage</c>. Null: the provider's stage, else <c>dev</c>.</summary>
    public string? Stage { get; init; }

    public required string AccountId { get; init; }

    /// <summary>Where it is deployed to. Null: the provider's region, else <c>us-east-1</c>.</summary>
    public string? Region { get; init; }

    public string Partition { get; init; } = "aws";

    public required Func<string, string?> Environment { get; init; }

    /// <summary>Names a state machine that has no name of its own, by its logical id; the same at each
    /// deployment.</summary>
    public required Func<string, string> GenerateName { get; init; }
}

/// <summary>Reads serverless.yml with the Step Functions plugin's section. No plugin is executed.</summary>
public static class ServerlessReader
{
    private static readonly ImmutableArray<string> Plugins =
        ["serverless-offline", "serverless-pseudo-parameters", "serverless-step-functions"];

    /// <exception cref="DeploymentException">The file asks for something that is wrong or not read yet.</exception>
    public static ServerlessService Read(string fileName, string text, ServerlessOptions options)
    {
        var root = YamlDocumentReader.Read(fileName, text);
        var problems = new Problems(fileName);
        var (stage, region) = ReadPlace(root, options, problems);
        var variables = new VariableResolver(Sources(root, options, stage, region), problems);
        var context = new ReadContext(fileName, problems, variables);
        var service = new Reading(context, options, stage, region).Read(root);
        problems.ThrowIfAny();
        return service;
    }

    /// <summary>The region that the file names, so that a server can be started there.</summary>
    public static string? FindRegion(string fileName, string text, ServerlessOptions options)
    {
        var root = YamlDocumentReader.Read(fileName, text);
        return ReadPlace(root, options with { Region = null }, new Problems(fileName)).Region;
    }

    private static (string Stage, string Region) ReadPlace(
        DocumentNode root, ServerlessOptions options, Problems problems)
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

    private static VariableSources Sources(DocumentNode root, ServerlessOptions options, string stage, string region) =>
        new()
        {
            Self = root,
            Stage = stage,
            Region = region,
            AccountId = options.AccountId,
            Environment = options.Environment,
        };

    private sealed class Reading(ReadContext context, ServerlessOptions options, string stage, string region)
    {
        public ServerlessService Read(DocumentNode root)
        {
            var file = new Section(root, "", context);
            var name = ServiceName(file);
            ReadPlugins(file);
            var provider = ProviderReader.Read(file, context);
            var package = PackageReader.Read(file, PackagePatterns.Everything);
            var functions = FunctionsReader.Read(file, provider, package, $"{name}-{stage}");
            var names = Names($"{name}-{stage}", [.. functions.Select(f => f.Function)]);
            var read = new StateMachinesReader(context, names, options.GenerateName, stage).Read(file);
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
            return new ServerlessService
            {
                FileName = context.FileName,
                Name = name,
                Stage = stage,
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

        private ReferenceTable Names(string stackName, ImmutableArray<FunctionResource> functions)
        {
            var resources = ImmutableDictionary.CreateBuilder<string, ResourceReference>();
            foreach (var function in functions)
            {
                var arn = $"arn:{options.Partition}:lambda:{region}:{options.AccountId}:function:{function.Name}";
                // CloudFormation's Ref is the bare name, which no Task state takes; the plugin writes the ARN instead.
                var reference = new ResourceReference(arn, ImmutableDictionary<string, string>.Empty.Add("Arn", arn));
                resources[ServerlessNames.FunctionId(function.Key)] = reference;
                resources[function.Key] = reference;
            }

            return new ReferenceTable
            {
                Partition = options.Partition,
                Region = region,
                AccountId = options.AccountId,
                StackName = stackName,
                Resources = resources.ToImmutable(),
            };
        }
    }
}
