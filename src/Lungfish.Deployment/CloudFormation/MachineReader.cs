using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Intrinsics;

namespace Lungfish.Deployment.CloudFormation;

/// <summary>Reads state machines, as CloudFormation and SAM write them.</summary>
internal sealed partial class MachineReader(TemplateSource source, ReadContext context, ResourceNames names)
{
    public StateMachineResource Read(TemplateResource resource)
    {
        var section = new Section(resource.Properties, resource.Path, context);
        var isSam = resource.Type == ResourceTypes.SamStateMachine;
        _ = section.Read(isSam ? "Name" : "StateMachineName");
        var type = section.ReadText(isSam ? "Type" : "StateMachineType");
        if (type is not (null or "STANDARD"))
        {
            section.Complain(
                section.Mark, section.Path, $"state machines of type {type} are not run yet", "Use STANDARD.");
        }

        var substitutions = section.ReadTexts("DefinitionSubstitutions");
        var locations = ImmutableDictionary.CreateBuilder<string, Mark>();
        var machine = new StateMachineResource
        {
            Key = resource.LogicalId,
            LogicalId = resource.LogicalId,
            Name = names.MachineName(resource),
            Definition = Definition(section, isSam, substitutions, locations),
            Mark = resource.Mark,
            Locations = locations.ToImmutable(),
        };
        section.Accept("EncryptionConfiguration", "LoggingConfiguration", "RoleArn", "Tags", "TracingConfiguration");
        if (isSam)
        {
            section.Accept(
                "Logging", "PermissionsBoundary", "Policies", "PropagateTags", "Role", "RolePath", "Tracing");
            section.Refuse("Events", "Start executions with the API; events of templates come later.");
            section.Refuse("AutoPublishAlias", "Take it out; versions of state machines are not there yet.");
            section.Refuse("DeploymentPreference", "Take it out; versions of state machines are not there yet.");
            section.Refuse("UseAliasAsEventTarget", "Take it out; versions of state machines are not there yet.");
        }

        section.End();
        return machine;
    }

    private string Definition(
        Section section,
        bool isSam,
        ImmutableSortedDictionary<string, string> substitutions,
        IDictionary<string, Mark> locations)
    {
        var given = section.Read("Definition");
        var text = isSam ? null : section.ReadText("DefinitionString");
        var place = section.Read(isSam ? "DefinitionUri" : "DefinitionS3Location");
        switch (given, text, place)
        {
            case (MapNode map, null, null):
                // A substitution inside an object stays inside its text (documented).
                return IndentedJson.Write(NodeJson.ToJson(
                    Substituted(map, substitutions), context.Problems.Allowance, locations));
            case (null, { }, null):
                return Substitute(text, substitutions, section.Mark);
            case (null, null, ScalarNode path):
                return FromFile(section, Path.Combine(source.Folder, path.Display), substitutions);
            case (null, null, MapNode location) when location.TryGet("Key", out var key)
                && key is ScalarNode name && source.Assets.TryGetValue(name.Display.Split('/')[^1], out var asset):
                return FromFile(section, asset.Path, substitutions);
            case (null, null, { } other):
                section.Complain(
                    other.Mark, section.Path, "the definition is an object of a bucket, and no asset here is that one",
                    "Name a local file.");
                return "";
            default:
                section.Complain(
                    section.Mark,
                    section.Path,
                    "a state machine needs exactly one definition",
                    isSam ? "Write Definition or DefinitionUri." : "Write Definition or DefinitionString.");
                return "";
        }
    }

    /// <summary>Files of definitions are JSON, or YAML in SAM.</summary>
    private string FromFile(
        Section section, string path, ImmutableSortedDictionary<string, string> substitutions)
    {
        if (source.ReadFile(path) is not { } text)
        {
            section.Complain(section.Mark, section.Path, $"there is no file {path}", "Mend the path.");
            return "";
        }

        context.Problems.Allowance.Take(text.Length, section.Mark, section.Path); // Many may name the same one.
        return Path.GetExtension(path) is ".yaml" or ".yml"
            ? IndentedJson.Write(NodeJson.ToJson(Substituted(YamlDocumentReader.Read(path, text), substitutions)))
            : Substitute(text, substitutions, section.Mark);
    }

    private DocumentNode Substituted(DocumentNode node, ImmutableSortedDictionary<string, string> values) =>
        values.IsEmpty ? node : node switch
        {
            ScalarNode { Text: { } text } scalar => new ScalarNode(Substitute(text, values, scalar.Mark))
            {
                Mark = scalar.Mark,
            },
            ListNode list => list with { Items = [.. list.Items.Select(item => Substituted(item, values))] },
            MapNode map => map with
            {
                Entries = [.. map.Entries.Select(e => e with { Value = Substituted(e.Value, values) })],
            },
            _ => node,
        };

    /// <summary>Names that are not given stay as they are (documented).</summary>
    private string Substitute(string text, ImmutableSortedDictionary<string, string> values, Mark mark)
    {
        context.Problems.Allowance.Take(text.Length, mark, "DefinitionSubstitutions");
        return values.IsEmpty ? text : NamePattern.Replace(text, match =>
        {
            if (!values.TryGetValue(match.Groups["name"].Value, out var value))
            {
                return match.Value;
            }

            context.Problems.Allowance.Take(value.Length, mark, "DefinitionSubstitutions");
            return value;
        });
    }

    [GeneratedRegex(@"\$\{(?<name>[^{}]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern { get; }
}
