using System.Collections.Immutable;
using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>What the paths of one field read: <c>$</c>, <c>$$</c> and <c>$name</c>.</summary>
/// <param name="input">What <c>$</c> reads.</param>
/// <param name="makeContext">Makes the context object; asked once, when a path first reads it.</param>
/// <param name="variables">By name, without the dollar sign.</param>
public sealed class PathRoots(
    JsonValue input, Func<JsonValue> makeContext, ImmutableDictionary<string, JsonValue> variables)
{
    private JsonValue? _context;

    /// <summary>Without variables.</summary>
    public PathRoots(JsonValue input, JsonValue context)
        : this(input, () => context, ImmutableDictionary<string, JsonValue>.Empty) => _context = context;

    public JsonValue Input { get; } = input;

    public JsonValue Context => _context ??= makeContext();

    public ImmutableDictionary<string, JsonValue> Variables { get; } = variables;
}
