using System.Collections.Immutable;
using Lungfish.Deployment.Documents;

namespace Lungfish.Deployment;

/// <summary>What files ask for, whatever their format is, with every variable and reference resolved.</summary>
public sealed record Application
{
    /// <summary>The file's name as messages show it.</summary>
    public required string FileName { get; init; }

    /// <summary>Of the service, or of the stack.</summary>
    public required string Name { get; init; }

    /// <summary>The first part of the paths of http events.</summary>
    public string Stage { get; init; } = "";

    /// <summary>Those that others refer to stand before these.</summary>
    public required ImmutableArray<FunctionResource> Functions { get; init; }

    public ImmutableArray<VersionResource> Versions { get; init; } = [];

    public ImmutableArray<AliasResource> Aliases { get; init; } = [];

    public required ImmutableArray<StateMachineResource> StateMachines { get; init; }

    /// <summary>Names of activities.</summary>
    public ImmutableArray<string> Activities { get; init; } = [];

    public ImmutableArray<HttpEventResource> HttpEvents { get; init; } = [];

    /// <summary>Keys that are accepted and change nothing here, such as <c>provider.iamRoleStatements</c>.</summary>
    public required ImmutableArray<string> AcceptedOnly { get; init; }

    public ImmutableArray<OutputValue> Outputs { get; init; } = [];

    /// <summary>As CloudFormation would name the stack.</summary>
    public string StackName => Stage.Length == 0 ? Name : $"{Name}-{Stage}";
}

public sealed record FunctionResource
{
    /// <summary>The key in the file, or the logical id.</summary>
    public required string Key { get; init; }

    /// <summary>As it is deployed.</summary>
    public required string Name { get; init; }

    public required string Handler { get; init; }

    public required string Runtime { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required int MemoryMegabytes { get; init; }

    public string Description { get; init; } = "";

    public required ImmutableSortedDictionary<string, string> Environment { get; init; }

    /// <summary>Null: the function is not durable.</summary>
    public DurableSettings? Durable { get; init; }

    /// <summary>Null: a process runs one invocation at a time.</summary>
    public CapacitySettings? Capacity { get; init; }

    public required FunctionCode Code { get; init; }

    public required Mark Mark { get; init; }
}

public sealed record DurableSettings(int ExecutionTimeoutSeconds, int RetentionDays)
{
    public const int ExecutionTimeoutSecondsMax = 31_622_400; // Documented: 366 days.
    public const int RetentionDaysMax = 90;
    public const int RetentionDaysDefault = 14; // Documented: SAM's reference of DurableConfig.
}

/// <summary>Lambda Managed Instances.</summary>
/// <param name="ProviderArn">Of the capacity provider.</param>
/// <param name="MaxConcurrency">Invocations that one process runs at once; null: as its runtime has it.</param>
/// <param name="MemoryGiBPerVCpu">Null: not given.</param>
public sealed record CapacitySettings(string ProviderArn, int? MaxConcurrency, int? MemoryGiBPerVCpu)
{
    public const int MaxConcurrencyMax = 1_600; // Documented, as the memory: the API's model.
    public const int MemoryGiBMin = 2;
    public const int MemoryGiBMax = 8;
}

/// <summary>A version that is published of a function; published again, it is another one only if the function has
/// changed.</summary>
public sealed record VersionResource(string FunctionName, string Description);

/// <param name="Version">The number of a version.</param>
/// <param name="Weights">Versions that get a share of the invocations, from 0 to 1.</param>
public sealed record AliasResource(
    string FunctionName,
    string Name,
    string Version,
    string Description,
    ImmutableSortedDictionary<string, double> Weights);

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

/// <param name="ExportName">Null: it is not exported.</param>
public sealed record OutputValue(string Stack, string Name, string Value, string? ExportName);
