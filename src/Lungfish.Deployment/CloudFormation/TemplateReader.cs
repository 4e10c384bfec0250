using System.Collections.Immutable;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Intrinsics;

namespace Lungfish.Deployment.CloudFormation;

/// <summary>Reads templates of CloudFormation, with SAM's resources among them.</summary>
public static class TemplateReader
{
    private const int ResourcesMax = 500; // Documented: CloudFormation's own.

    /// <exception cref="DeploymentException">The file asks for something that is wrong or not read yet.</exception>
    public static Application Read(TemplateSource source, ReadOptions options)
    {
        var problems = new Problems(source.FileName);
        var place = new StackPlace(
            options.Partition, options.Region ?? "us-east-1", options.AccountId, source.StackName);
        var references = new TemplateReferences(place, source.Exports);
        var resolver = new IntrinsicResolver(references, problems, everywhere: false);
        var context = new ReadContext(source.FileName, problems, resolver.Resolve);
        var root = YamlDocumentReader.Read(source.FileName, source.Text);
        var application = new Reading(source, options, context, references, new ResourceNames(place, options, context))
            .Read(root);
        problems.ThrowIfAny();
        return application;
    }

    /// <summary>Tells a template from other YAML and JSON files.</summary>
    public static bool IsTemplate(string fileName, string text) =>
        YamlDocumentReader.Read(fileName, text) is MapNode map
        && map.TryGet("Resources", out _) && !map.TryGet("service", out _);

    private sealed class Reading(
        TemplateSource source,
        ReadOptions options,
        ReadContext context,
        TemplateReferences references,
        ResourceNames names)
    {
        private readonly LambdaReader _lambda = new(source, context, names);
        private readonly MachineReader _machines = new(source, context, names);
        private readonly ImmutableArray<VersionResource>.Builder _versions =
            ImmutableArray.CreateBuilder<VersionResource>();
        private readonly ImmutableArray<AliasResource>.Builder _aliases = ImmutableArray.CreateBuilder<AliasResource>();

        public Application Read(DocumentNode root)
        {
            var file = new Section(root, "", context);
            references.Parameters = ParametersReader.Read(file.Open("Parameters"), options.Parameters);
            references.Mappings = MapOf(root, "Mappings");
            references.Conditions = new ConditionTable(MapOf(root, "Conditions"), context);
            CheckHead(file);
            var resources = ReadResources(file, MapOf(root, "Globals"));
            references.Resources = resources.ToDictionary(r => r.LogicalId, StringComparer.Ordinal);
            references.NameOf = names.Of;
            var ordered = ResourceOrder.Sort(resources, context.Problems);
            ImmutableArray<FunctionResource> functions =
                [.. ordered.Where(r => ResourceTypes.IsFunction(r.Type)).Select(ReadFunction)];
            _versions.AddRange(ordered.Where(r => r.Type == ResourceTypes.Version).Select(_lambda.Version));
            _aliases.AddRange(ordered.Where(r => r.Type == ResourceTypes.Alias).Select(_lambda.Alias));
            return new Application
            {
                FileName = source.FileName,
                Name = source.StackName,
                Functions = functions,
                Versions = [.. _versions.Distinct()],
                Aliases = _aliases.ToImmutable(),
                StateMachines = [.. ordered.Where(r => ResourceTypes.IsStateMachine(r.Type)).Select(_machines.Read)],
                Activities = [.. ordered.Where(r => r.Type == ResourceTypes.Activity).Select(ReadActivity)],
                AcceptedOnly = [.. context.AcceptedOnly.Select(ByType).Distinct()],
                Outputs = ReadOutputs(file),
            };
        }

        /// <summary>What every resource of a type has is told once.</summary>
        private string ByType(string key) =>
            key.Split('.', 4) is ["Resources", var id, "Properties", var property]
                && references.Resources.TryGetValue(id, out var resource)
                ? $"{resource.Type}.{property}"
                : key;

        private void CheckHead(Section file)
        {
            file.Leave(
                "AWSTemplateFormatVersion", "Conditions", "Description", "Globals", "Mappings", "Metadata", "Outputs",
                "Parameters", "Resources");
            var transforms = file.Read("Transform") switch
            {
                null => [],
                ListNode list => list.Items.OfType<ScalarNode>(),
                ScalarNode one => [one],
                var other => Refused(other),
            };
            foreach (var transform in transforms.Where(t => t.Display != "AWS::Serverless-2016-10-31"))
            {
                context.Problems.Add(
                    transform.Mark, "Transform", $"the transform {transform.Display} is not read yet", "Take it out.");
            }

            if (file.Open("Rules") is { } rules)
            {
                references.Conditions?.CheckRules(rules);
            }

            file.Refuse("Hooks", "Take the section out.");
            file.End();

            IEnumerable<ScalarNode> Refused(DocumentNode node)
            {
                context.Problems.Add(node.Mark, "Transform", $"this is {node.Kind}, and must be text", "Name it.");
                return [];
            }
        }

        private List<TemplateResource> ReadResources(Section file, MapNode? globals)
        {
            var found = new List<TemplateResource>();
            foreach (var entry in file.Open("Resources")?.NamedUpTo(ResourcesMax) ?? [])
            {
                if (entry.Value is not MapNode whole)
                {
                    context.Problems.Add(
                        entry.KeyMark, $"Resources.{entry.Key}", "a resource must be a map", "Mend it.");
                    continue;
                }

                var section = new Section(whole, $"Resources.{entry.Key}", context);
                var type = section.RequireText("Type");
                if (section.ReadText("Condition") is { } condition && references.FindCondition(condition) is not true)
                {
                    continue;
                }

                Check(section, type, entry.KeyMark);
                var own = MapOf(whole, "Properties") ?? new MapNode([]) { Mark = entry.Value.Mark };
                var inherited = globals is null ? null : MapOf(globals, type switch
                {
                    ResourceTypes.SamFunction => "Function",
                    ResourceTypes.SamStateMachine => "StateMachine",
                    _ => "",
                });
                found.Add(new TemplateResource(
                    entry.Key, type, GlobalsMerge.Over(own, inherited), whole, entry.KeyMark));
            }

            return found;
        }

        private void Check(Section section, string type, Mark mark)
        {
            section.Leave("DeletionPolicy", "DependsOn", "Metadata", "Properties", "UpdateReplacePolicy");
            section.Accept("CreationPolicy", "UpdatePolicy");
            section.End();
            if (ResourceTypes.AcceptedOnly.Contains(type))
            {
                context.AcceptedOnly.Add(type);
            }
            else if (!ResourceTypes.IsFunction(type) && !ResourceTypes.IsStateMachine(type)
                && type is not (ResourceTypes.Version or ResourceTypes.Alias or ResourceTypes.Activity or ""))
            {
                context.Problems.Add(
                    mark, section.Path, $"{type} is not deployed yet", "Take the resource out, or make it elsewhere.");
            }
        }

        private FunctionResource ReadFunction(TemplateResource resource)
        {
            var function = _lambda.Function(resource);
            if (_lambda.AutoPublished(resource, function, options.PublishedVersion) is { } published)
            {
                _versions.Add(published.Version);
                _aliases.Add(published.Alias);
            }

            return function;
        }

        private string ReadActivity(TemplateResource resource)
        {
            var section = new Section(resource.Properties, resource.Path, context);
            var name = section.RequireText("Name");
            section.Accept("EncryptionConfiguration", "Tags");
            section.End();
            return name;
        }

        private ImmutableArray<OutputValue> ReadOutputs(Section file)
        {
            var found = ImmutableArray.CreateBuilder<OutputValue>();
            if (file.Open("Outputs") is not { } outputs)
            {
                return [];
            }

            foreach (var entry in outputs.Named)
            {
                var output = outputs.Open(entry);
                var condition = output.ReadText("Condition");
                if (condition is not null && references.FindCondition(condition) is not true)
                {
                    continue;
                }

                _ = output.ReadText("Description");
                var export = output.Open("Export") is { } exported ? exported.ReadText("Name") : null;
                found.Add(new OutputValue(source.StackName, entry.Key, output.ReadText("Value") ?? "", export));
                output.End();
            }

            return found.ToImmutable();
        }

        private static MapNode? MapOf(DocumentNode node, string key) =>
            node is MapNode map && map.TryGet(key, out var inner) ? inner as MapNode : null;
    }
}
