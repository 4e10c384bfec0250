using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Lungfish.Integrations.ApiShapes;

/// <summary>What a value in a service's answer must be. An <c>int</c> names another shape of the service.</summary>
internal abstract record ApiShape
{
    private protected ApiShape() { }
}

/// <param name="Members">By the names that Step Functions gives them.</param>
/// <param name="Aliases">From the service's own name of a member to that of Step Functions, where they differ in more
/// than the first letter.</param>
internal sealed record ObjectShape(
    FrozenDictionary<string, int> Members,
    ImmutableArray<string> Required,
    FrozenDictionary<string, string> Aliases) : ApiShape;

internal sealed record ArrayShape(int Items) : ApiShape;

/// <summary>An object with any names.</summary>
internal sealed record MapShape(int Items) : ApiShape;

/// <summary>A text, a timestamp or bytes: Step Functions shows all three as JSON strings.</summary>
/// <param name="Values">Empty: any text.</param>
internal sealed record TextShape(ImmutableArray<string> Values, double LengthMin, double LengthMax) : ApiShape;

internal sealed record NumberShape(double Min, double Max) : ApiShape;

internal sealed record BooleanShape : ApiShape;

internal sealed record AnyShape : ApiShape;
