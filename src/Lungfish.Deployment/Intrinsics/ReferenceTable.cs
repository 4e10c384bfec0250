using System.Collections.Immutable;

namespace Lungfish.Deployment.Intrinsics;

/// <summary>What Ref and Fn::GetAtt answer for one resource.</summary>
/// <param name="Ref">The ARN of a state machine or activity, the name of a function.</param>
public sealed record ResourceReference(string Ref, ImmutableDictionary<string, string> Attributes);

/// <summary>What the definitions of one stack may refer to.</summary>
public sealed record ReferenceTable
{
    public required string Partition { get; init; }

    public required string Region { get; init; }

    public required string AccountId { get; init; }

    public required string StackName { get; init; }

    /// <summary>By logical id; functions also by their key in the file.</summary>
    public required ImmutableDictionary<string, ResourceReference> Resources { get; init; }

    public string? FindRef(string name) => name switch
    {
        "AWS::AccountId" => AccountId,
        "AWS::Region" => Region,
        "AWS::Partition" => Partition,
        "AWS::StackName" => StackName,
        "AWS::StackId" => $"arn:{Partition}:cloudformation:{Region}:{AccountId}:stack/{StackName}/lungfish",
        "AWS::URLSuffix" => "amazonaws.com",
        _ => Resources.TryGetValue(name, out var resource) ? resource.Ref : null,
    };

    public string? FindAttribute(string name, string attribute) =>
        Resources.TryGetValue(name, out var resource) && resource.Attributes.TryGetValue(attribute, out var value)
            ? value
            : null;
}
