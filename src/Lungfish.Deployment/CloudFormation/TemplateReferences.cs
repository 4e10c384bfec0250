using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Intrinsics;
using Lungfish.Json;

namespace Lungfish.Deployment.CloudFormation;

/// <summary>What the names in a template stand for. Names of resources are worked out when somebody asks, since one
/// may be part of another's.</summary>
internal sealed class TemplateReferences(StackPlace place, IReadOnlyDictionary<string, string> exports) : IReferences
{
    private readonly Dictionary<string, ResourceReference?> _named = []; // Null: being worked out.

    public IReadOnlyDictionary<string, JsonValue> Parameters { get; set; } =
        new Dictionary<string, JsonValue>(StringComparer.Ordinal);

    public MapNode? Mappings { get; set; }

    public ConditionTable? Conditions { get; set; }

    public IReadOnlyDictionary<string, TemplateResource> Resources { get; set; } =
        new Dictionary<string, TemplateResource>(StringComparer.Ordinal);

    public Func<TemplateResource, ResourceReference>? NameOf { get; set; }

    public IEnumerable<string> Names => Resources.Keys.Concat(Parameters.Keys);

    public JsonValue? FindRef(string name)
    {
        if (place.FindPseudoParameter(name) is { } pseudo)
        {
            return pseudo;
        }

        if (Parameters.TryGetValue(name, out var parameter))
        {
            return parameter;
        }

        if (Find(name) is { } resource)
        {
            return new JsonString(resource.Ref);
        }

        // SAM: Function.Alias and Function.Version, also where another tool would write Fn::GetAtt.
        return name.Split('.', 2) is [var id, var part] ? FindAttribute(id, part) : null;
    }

    public JsonValue? FindAttribute(string name, string attribute) =>
        Find(name) is { } resource && resource.Attributes.TryGetValue(attribute, out var value)
            ? new JsonString(value)
            : null;

    public bool? FindCondition(string name) => Conditions?.Find(name);

    public string? FindExport(string name) => exports.GetValueOrDefault(name);

    public ResourceReference? Find(string logicalId)
    {
        if (_named.TryGetValue(logicalId, out var known))
        {
            return known;
        }

        if (NameOf is null || !Resources.TryGetValue(logicalId, out var resource))
        {
            return null;
        }

        _named[logicalId] = null;
        var named = NameOf(resource);
        _named[logicalId] = named;
        return named;
    }
}
