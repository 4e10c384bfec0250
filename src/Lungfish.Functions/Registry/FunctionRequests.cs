using System.Collections.Immutable;

namespace Lungfish.Functions;

/// <summary>What CreateFunction is asked for. Names and values must already keep to the API's model.</summary>
public sealed record NewFunction
{
    public required string Name { get; init; }

    public required string Runtime { get; init; }

    public required string Handler { get; init; }

    public string Role { get; init; } = "arn:aws:iam::000000000000:role/lungfish";

    public required CodeSource Code { get; init; }

    public string Description { get; init; } = "";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    public int MemorySizeMb { get; init; } = 128;

    public int EphemeralStorageMb { get; init; } = 512;

    public ImmutableSortedDictionary<string, string>? Environment { get; init; }

    public ImmutableArray<string> Architectures { get; init; } = ["x86_64"];

    public string TracingMode { get; init; } = "PassThrough";

    /// <summary>JSON text; see <see cref="FunctionConfiguration.Inert"/>.</summary>
    public string? Inert { get; init; }

    public DurableConfig? Durable { get; init; }

    public CapacityProviderConfig? CapacityProvider { get; init; }

    public bool IsolatesTenants { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Publish version 1 as well.</summary>
    public bool Publish { get; init; }
}

/// <summary>What UpdateFunctionConfiguration is asked for; null leaves a setting as it is.</summary>
public sealed record FunctionChange
{
    public string? Runtime { get; init; }

    public string? Handler { get; init; }

    public string? Role { get; init; }

    public string? Description { get; init; }

    public TimeSpan? Timeout { get; init; }

    public int? MemorySizeMb { get; init; }

    public int? EphemeralStorageMb { get; init; }

    public ImmutableSortedDictionary<string, string>? Environment { get; init; }

    public string? TracingMode { get; init; }

    /// <summary>JSON text of an object; its members replace those of the same name.</summary>
    public string? Inert { get; init; }

    public DurableChange? Durable { get; init; }

    public CapacityProviderConfig? CapacityProvider { get; init; }

    /// <summary>Refuse if the function is not at this revision.</summary>
    public string? ExpectedRevision { get; init; }
}

/// <summary>Null leaves a value as it is.</summary>
public sealed record DurableChange(int? ExecutionTimeoutSeconds, int? RetentionDays);

/// <summary>What UpdateFunctionCode is asked for.</summary>
public sealed record FunctionCodeChange
{
    public required CodeSource Code { get; init; }

    public ImmutableArray<string>? Architectures { get; init; }

    public bool Publish { get; init; }

    /// <summary>Check everything and change nothing.</summary>
    public bool DryRun { get; init; }

    public string? ExpectedRevision { get; init; }
}

/// <summary>What PublishVersion is asked for.</summary>
public sealed record VersionRequest
{
    /// <summary>Null: the function's own.</summary>
    public string? Description { get; init; }

    /// <summary>Refuse if the code is not this one.</summary>
    public string? ExpectedCodeSha256 { get; init; }

    public string? ExpectedRevision { get; init; }
}
