using System.Collections.Immutable;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Packaging;

namespace Lungfish.Deployment.Serverless;

/// <summary>What a serverless.yml asks for, with every variable and reference resolved.</summary>
public sealed record ServerlessService
{
    /// <summary>The file's name as messages show it.</summary>
    public required string FileName { get; init; }

    public required string Name { get; init; }

    public required string Stage { get; init; }

    public required ImmutableArray<FunctionResource> Functions { get; init; }

    public required ImmutableArray<StateMachineResource> StateMachines { get; init; }

    /// <summary>Names of activities.</summary>
    public required ImmutableArray<string> Activities { get; init; }

    public required ImmutableArray<HttpEventResource> HttpEvents { get; init; }

    /// <summary>Keys that are accepted and change nothing here, such as <c>provider.iamRoleStatements</c>.</summary>
    public required ImmutableArray<string> AcceptedOnly { get; init; }

    /// <summary>As CloudFormation would name the stack.</summary>
    public string StackName => $"{Name}-{Stage}";
}

public sealed record FunctionResource
{
    /// <summary>The key in the file.</summary>
    public required string Key { get; init; }

    /// <summary>As it is deployed: <c>service-stage-key</c> unless the file says otherwise.</summary>
    public required string Name { get; init; }

    public required string Handler { get; init; }

    public required string Runtime { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required int MemoryMegabytes { get; init; }

    public string Description { get; init; } = "";

    public required ImmutableSortedDictionary<string, string> Environment { get; init; }

    public required PackagePatterns Package { get; init; }

    public required Mark Mark { get; init; }
}

public sealed record StateMachineResource
{
    public required string Key { get; init; }

    public required string LogicalId { get; init; }

    public required string Name { get; init; }

    /// <summary>JSON text, indented.</summary>
    public required string Definition { get; init; }

    public required Mark Mark { get; init; }

    /// <summary>Where each value of the definition stands, by pointers such as
    /// <c>/States/A/Choices[0]/Next</c>.</summary>
    public required ImmutableDictionary<string, Mark> Locations { get; init; }

    /// <summary>The place of a pointer, or of the nearest thing around it.</summary>
    public Mark Locate(string? pointer)
    {
        for (var at = pointer ?? ""; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['/', '[']))])
        {
            if (Locations.TryGetValue(at, out var mark))
            {
                return mark;
            }
        }

        return Mark;
    }
}

/// <summary>An HTTP route that starts a state machine, as API Gateway's AWS integration does.</summary>
/// <param name="Path">With the stage in front: <c>/dev/start</c>; may hold <c>{name}</c> parameters.</param>
public sealed record HttpEventResource(string Method, string Path, string StateMachineName);
