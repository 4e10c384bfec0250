using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Quotas;

namespace Lungfish.States.JsonPath;

/// <summary>What the paths and calls of one field read: <c>$</c>, <c>$$</c>, <c>$name</c>, and chance.</summary>
/// <param name="input">What <c>$</c> reads.</param>
/// <param name="makeContext">Makes the context object; asked once, when a path first reads it.</param>
/// <param name="variables">By name, without the dollar sign.</param>
/// <param name="seed">Where random numbers and UUIDs come from: same seed, same values.</param>
/// <param name="quotas">Which limits intrinsic functions keep.</param>
public sealed class PathRoots(
    JsonValue input,
    Func<JsonValue> makeContext,
    ImmutableDictionary<string, JsonValue> variables,
    ulong seed = 0,
    QuotaGuard? quotas = null)
{
    private JsonValue? _context;
    private ulong _seed = seed;

    /// <summary>Without variables.</summary>
    public PathRoots(JsonValue input, JsonValue context)
        : this(input, () => context, ImmutableDictionary<string, JsonValue>.Empty) => _context = context;

    public JsonValue Input { get; } = input;

    public JsonValue Context => _context ??= makeContext();

    public ImmutableDictionary<string, JsonValue> Variables { get; } = variables;

    internal QuotaGuard Quotas { get; } = quotas ?? QuotaGuard.Strict;

    /// <summary>The next value of the seed's sequence (SplitMix64).</summary>
    internal ulong NextRandom() => SplitMix.Next(ref _seed);
}
