using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Quotas;

namespace Lungfish.States.JsonPath;

/// <summary>What the paths and calls of one field read: <c>$</c>, <c>$$</c>, <c>$name</c>, and chance.</summary>
/// <param name="input">What <c>$</c> reads.</param>
/// <param name="context">The context object, or as much of it as its member of that name; null: all of it.</param>
/// <param name="variables">By name, without the dollar sign.</param>
/// <param name="seed">Where random numbers and UUIDs come from: same seed, same values.</param>
/// <param name="quotas">Which limits intrinsic functions keep.</param>
public sealed class PathRoots(
    JsonValue input,
    Func<string?, JsonValue> context,
    ImmutableDictionary<string, JsonValue> variables,
    ulong seed = 0,
    QuotaGuard? quotas = null)
{
    private ulong _seed = seed;

    /// <summary>Without variables.</summary>
    public PathRoots(JsonValue input, JsonValue context)
        : this(input, _ => context, ImmutableDictionary<string, JsonValue>.Empty)
    {
    }

    public JsonValue Input { get; } = input;

    /// <param name="member">The only member of the context object that is read; null: any.</param>
    public JsonValue Context(string? member) => context(member);

    public ImmutableDictionary<string, JsonValue> Variables { get; } = variables;

    internal QuotaGuard Quotas { get; } = quotas ?? QuotaGuard.Strict;

    /// <summary>The next value of the seed's sequence (SplitMix64).</summary>
    internal ulong NextRandom() => SplitMix.Next(ref _seed);
}
