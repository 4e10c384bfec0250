using System.Collections.Immutable;
using Lungfish.Deployment.Documents;
using Lungfish.Json;

namespace Lungfish.Deployment.Intrinsics;

/// <summary>What Ref and Fn::GetAtt answer for one resource.</summary>
/// <param name="Ref">The ARN of a state machine or activity, the name of a function.</param>
public sealed record ResourceReference(string Ref, ImmutableDictionary<string, string> Attributes)
{
    public static ResourceReference Of(string reference, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        var named = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var (name, value) in attributes)
        {
            named[name] = value;
        }

        return new ResourceReference(reference, named.ToImmutable());
    }
}

/// <summary>Where a stack is, and what its pseudo parameters say.</summary>
internal sealed record StackPlace(string Partition, string Region, string AccountId, string StackName)
{
    public string StackId => $"arn:{Partition}:cloudformation:{Region}:{AccountId}:stack/{StackName}/lungfish";

    public string Arn(string service, string rest) => $"arn:{Partition}:{service}:{Region}:{AccountId}:{rest}";

    public string FunctionArn(string name) => Arn("lambda", $"function:{name}");

    public JsonValue? FindPseudoParameter(string name) => name switch
    {
        "AWS::AccountId" => AccountId,
        "AWS::Region" => Region,
        "AWS::Partition" => Partition,
        "AWS::StackName" => StackName,
        "AWS::StackId" => StackId,
        "AWS::URLSuffix" => "amazonaws.com",
        "AWS::NotificationARNs" => JsonArray.Of([]),
        _ => null,
    };
}

/// <summary>What the definitions of one service may refer to.</summary>
internal sealed record ReferenceTable : IReferences
{
    public required StackPlace Place { get; init; }

    /// <summary>By logical id; functions also by their key in the file.</summary>
    public required ImmutableDictionary<string, ResourceReference> Resources { get; init; }

    public IEnumerable<string> Names => Resources.Keys;

    public MapNode? Mappings => null;

    public JsonValue? FindRef(string name)
    {
        if (Place.FindPseudoParameter(name) is { } place)
        {
            return place;
        }

        return Resources.TryGetValue(name, out var resource) ? new JsonString(resource.Ref) : null;
    }

    public JsonValue? FindAttribute(string name, string attribute) =>
        Resources.TryGetValue(name, out var resource) && resource.Attributes.TryGetValue(attribute, out var value)
            ? new JsonString(value)
            : null;

    public bool? FindCondition(string name) => null;

    public string? FindExport(string name) => null;
}
