using System.Text.RegularExpressions;
using Lungfish.Json;

namespace Lungfish.Simulation.Programs;

/// <summary>How an execution ended.</summary>
/// <param name="Status">In the spelling of the API.</param>
internal sealed partial record WorkflowEnd(string Status, JsonValue? Output, string? Error, string? Cause)
{
    /// <summary>Without what depends on the order of events: causes name the event at which a state was
    /// entered.</summary>
    public WorkflowEnd Normalized() => this with
    {
        Output = Output is null ? null : JsonValue.Parse(WithoutEventIds(Output.ToText())),
        Cause = Cause is null ? null : WithoutEventIds(Cause),
    };

    public override string ToString() => $"{Status} {Output?.ToText() ?? $"{Error ?? "-"}: {Cause ?? "-"}"}";

    private static string WithoutEventIds(string text) => EventId.Replace(text, "event id #");

    [GeneratedRegex("event id #[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex EventId { get; }
}

/// <summary>An end that may come.</summary>
/// <param name="Output">Null: none.</param>
/// <param name="Cause">Null: whatever it is.</param>
internal sealed record ExpectedEnd(string Status, Pattern? Output, string? Error = null, string? Cause = null)
{
    public static ExpectedEnd Exactly(WorkflowEnd end)
    {
        var normalized = end.Normalized();
        return new(
            normalized.Status,
            normalized.Output is { } output ? new Exact(output) : null,
            normalized.Error,
            normalized.Cause);
    }

    public bool Allows(WorkflowEnd end)
    {
        var actual = end.Normalized();
        return actual.Status == Status
            && actual.Error == Error
            && (Cause is null || actual.Cause == Cause)
            && (Output is null ? actual.Output is null : actual.Output is { } output && Output.Matches(output));
    }

    public override string ToString() => $"{Status} {Output?.ToString() ?? $"{Error ?? "-"}: {Cause ?? "*"}"}";
}

/// <summary>What a value may be.</summary>
internal abstract record Pattern
{
    public abstract bool Matches(JsonValue value);
}

internal sealed record Exact(JsonValue Value) : Pattern
{
    public override bool Matches(JsonValue value) => Value.Equals(value);

    public override string ToString() => Value.ToText();
}

/// <summary>Several places that depend on the order of events, each for itself.</summary>
internal sealed record Items(IReadOnlyList<Pattern> Patterns) : Pattern
{
    public override bool Matches(JsonValue value) => value is JsonArray array
        && array.Count == Patterns.Count
        && Patterns.Index().All(place => place.Item.Matches(array[place.Index]));

    public override string ToString() => $"[{string.Join(", ", Patterns)}]";
}

internal sealed record Member(string Name, JsonValue Other, string OtherName, Pattern Pattern) : Pattern
{
    public override bool Matches(JsonValue value) => value is JsonObject { Count: 2 } members
        && members[OtherName] is { } other && other.Equals(Other)
        && members[Name] is { } found && Pattern.Matches(found);

    public override string ToString() => $"{{ {OtherName}: {Other}, {Name}: {Pattern} }}";
}

internal sealed record OneOf(IReadOnlyList<Pattern> Patterns) : Pattern
{
    public override bool Matches(JsonValue value) => Patterns.Any(pattern => pattern.Matches(value));

    public override string ToString() => $"({string.Join(" | ", Patterns)})";
}
