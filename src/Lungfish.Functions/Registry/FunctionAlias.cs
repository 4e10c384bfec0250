using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Lungfish.Functions;

/// <summary>A name for a version of a function, or for two that share the invocations.</summary>
public sealed record FunctionAlias
{
    public required string FunctionName { get; init; }

    public required string Name { get; init; }

    /// <summary><c>$LATEST</c>, or the number of a published version.</summary>
    public required string FunctionVersion { get; init; }

    public string Description { get; init; } = "";

    /// <summary>The second version; null: all invocations go to the first.</summary>
    public AliasRoute? Additional { get; init; }

    /// <summary>Another one after every change.</summary>
    public required string RevisionId { get; init; }

    internal bool LeadsTo(string version) => FunctionVersion == version || Additional?.Version == version;

    /// <summary>The dice of a named execution: always the same, so that a name that is started again is looked for
    /// where it was started. Names as a whole are spread evenly.</summary>
    internal static ulong ChanceOf(string executionName) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(executionName)));

    /// <param name="chance">Any number: all are equally likely.</param>
    internal string Choose(ulong chance)
    {
        const double Fraction = 1.0 / (1UL << 53); // 53 bits are what a double can tell apart.
        return Additional is { } route && (chance >> 11) * Fraction < route.Weight ? route.Version : FunctionVersion;
    }
}

/// <param name="Weight">The share of the invocations that this version gets, 0 to 1.</param>
public sealed record AliasRoute(string Version, double Weight);

/// <summary>What CreateAlias and UpdateAlias are asked for; null leaves a setting as it is.</summary>
public sealed record AliasChange
{
    public string? FunctionVersion { get; init; }

    public string? Description { get; init; }

    /// <summary>Replaces the routing; empty: all invocations go to one version.</summary>
    public IReadOnlyList<AliasRoute>? Routing { get; init; }

    /// <summary>Refuse if the alias is not at this revision.</summary>
    public string? ExpectedRevision { get; init; }
}
