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
    /// VpcConfig, LoggingConfig, SnapStart, KMSKeyArn.</summary>
    public string? Inert { get; init; }

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
        && Architectures.SequenceEqual(other.Architectures)
        && (Environment ?? NoVariables).SequenceEqual(other.Environment ?? NoVariables);

    private static readonly ImmutableSortedDictionary<string, string> NoVariables =
        ImmutableSortedDictionary<string, string>.Empty;
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
