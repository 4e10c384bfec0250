using System.Collections.Immutable;

namespace Lungfish.Functions;

/// <summary>A function, or one published version of it, as it is registered.</summary>
public sealed record FunctionConfiguration
{
    public required string Name { get; init; }

    /// <summary><c>$LATEST</c>, or the number of a published version.</summary>
    public required string Version { get; init; }

    public required string Runtime { get; init; }

    public required string Handler { get; init; }

    public required string Role { get; init; }

    public string Description { get; init; } = "";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    public int MemorySizeMb { get; init; } = 128;

    public int EphemeralStorageMb { get; init; } = 512;

    public ImmutableSortedDictionary<string, string>? Environment { get; init; }

    public ImmutableArray<string> Architectures { get; init; } = ["x86_64"];

    /// <summary><c>PassThrough</c> or <c>Active</c>; kept for callers that read it back.</summary>
    public string TracingMode { get; init; } = "PassThrough";

    /// <summary>Parts of the configuration that have no effect here, as JSON text of an object, to be read back:
    /// VpcConfig, SnapStart, KMSKeyArn, and LoggingConfig, which the function's own loggers are told of.</summary>
    public string? Inert { get; init; }

    /// <summary>Set: its invocations are durable executions. Null: they are plain.</summary>
    public DurableConfig? Durable { get; init; }

    /// <summary>Set: a process of it runs several invocations at once, if its runtime can. Null: one.</summary>
    public CapacityProviderConfig? CapacityProvider { get; init; }

    /// <summary>Its processes work for one tenant each, whom every invocation must name.</summary>
    public bool IsolatesTenants { get; init; }

    public required FunctionCode Code { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Another one after every change.</summary>
    public required string RevisionId { get; init; }

    /// <summary>The same function with the same content, whatever its version and revision are.</summary>
    internal bool RunsLike(FunctionConfiguration other) =>
        Code == other.Code
        && Runtime == other.Runtime
        && Handler == other.Handler
        && Role == other.Role
        && Description == other.Description
        && Timeout == other.Timeout
        && MemorySizeMb == other.MemorySizeMb
        && EphemeralStorageMb == other.EphemeralStorageMb
        && TracingMode == other.TracingMode
        && Inert == other.Inert
        && Durable == other.Durable
        && CapacityProvider == other.CapacityProvider
        && IsolatesTenants == other.IsolatesTenants
        && Architectures.SequenceEqual(other.Architectures)
        && (Environment ?? NoVariables).SequenceEqual(other.Environment ?? NoVariables);

    private static readonly ImmutableSortedDictionary<string, string> NoVariables =
        ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>What the durable executions of a function get.</summary>
/// <param name="ExecutionTimeoutSeconds">From the start of an execution to its end, 1 to 31,622,400.</param>
/// <param name="RetentionDays">How long a closed execution can be read, 1 to 90.</param>
public sealed record DurableConfig(int ExecutionTimeoutSeconds, int RetentionDays = DurableConfig.DefaultRetentionDays)
{
    public const int DefaultRetentionDays = 14; // Documented: durable functions guide, "Configuration".
}

/// <summary>A function of Lambda Managed Instances. Its capacity is this machine, whatever the provider is.</summary>
/// <param name="Arn">Of the provider; kept to be read back.</param>
/// <param name="MaxConcurrency">Invocations that one process runs at once, 1 to 1,600. Null: as many as the runtime's
/// family is given; what comes of both says <see cref="Runtimes.ProcessConcurrency"/>.</param>
/// <param name="MemoryGiBPerVCpu">2 to 8; kept to be read back.</param>
public sealed record CapacityProviderConfig(string Arn, int? MaxConcurrency = null, double? MemoryGiBPerVCpu = null)
{
    public const int MaxConcurrencyMax = 1_600; // Documented, as all these bounds are: the API's model.
}

/// <summary>Where a function's code is.</summary>
/// <param name="Sha256">Base64. Of a folder: of its files' names, sizes and times, to see that something
/// changed.</param>
/// <param name="Size">Of the package, in bytes.</param>
/// <param name="Folder">Null: in the code store, under its hash. Otherwise a folder that is used where it is.</param>
public sealed record FunctionCode(string Sha256, long Size, string? Folder);

/// <summary>A function with what belongs to all its versions.</summary>
public sealed record FunctionDescription(
    FunctionConfiguration Configuration, ImmutableSortedDictionary<string, string> Tags, string Arn);
