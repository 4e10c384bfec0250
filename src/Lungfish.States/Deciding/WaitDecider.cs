using System.Diagnostics;
using Lungfish.Json;
using Lungfish.States.Journal;
using Lungfish.States.JsonPath;
using Lungfish.States.Model;
using Lungfish.States.Parsing;

namespace Lungfish.States.Deciding;

internal static class WaitDecider
{
    /// <summary>Recorded in scenarios/*wait*: 24,855 days are accepted, 24,856 are not: 2^31 - 1 seconds.</summary>
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(int.MaxValue);

    public static void Attempt(Turn turn, Scope scope, Visit visit, WaitState state)
    {
        var data = new StateData(turn, scope, visit);
        var input = data.Input();
        if (input.Value is not { } effective)
        {
            StateDecider.FailWith(turn, scope, input.Failure);
            return;
        }

        var due = EvaluateDue(data, state.Until, effective, turn.Now);
        if (due.Failure is { } failure)
        {
            StateDecider.FailWith(turn, scope, failure);
        }
        else if (due.At <= turn.Now)
        {
            Leave(turn, scope, visit, state);
        }
        else
        {
            turn.Record(new WaitScheduled(scope.Id, due.At));
            turn.Want(new SetTimer(new(TimerKind.Wait, visit.EnteredEventId), due.At));
        }
    }

    public static void WhenDue(Turn turn, Scope scope)
    {
        var visit = StateDecider.GetVisit(scope);
        Leave(turn, scope, visit, (WaitState)visit.State);
    }

    private static void Leave(Turn turn, Scope scope, Visit visit, WaitState state)
    {
        var data = new StateData(turn, scope, visit);
        StateDecider.LeaveWith(turn, scope, data.ExitWithout(state.Data, data.Input()), state.Next);
    }

    private static DueTime EvaluateDue(
        StateData data, WaitUntil until, JsonValue input, DateTimeOffset now) => until switch
        {
            WaitSeconds { Seconds: Literal<long> literal } => After(data, literal.Value, now),
            WaitSeconds { Seconds: AtPath<long> at } => AfterSecondsAt(data, at.Path, input, now),
            WaitSeconds { Seconds: Computed<long> computed } => AfterComputed(data, computed, now),
            WaitTimestamp { Timestamp: Literal<DateTimeOffset> literal } => At(data, literal.Value, now),
            WaitTimestamp { Timestamp: AtPath<DateTimeOffset> at } => AtTimestampAt(data, at.Path, input, now),
            WaitTimestamp { Timestamp: Computed<DateTimeOffset> computed } => AtComputed(data, computed, now),
            _ => throw new UnreachableException($"No wait for {until.GetType().Name}."),
        };

    private static DueTime AfterComputed(StateData data, Computed<long> field, DateTimeOffset now)
    {
        var seconds = data.Integer(field, 0, long.MaxValue);
        return seconds.Value is { } value ? After(data, value, now) : seconds.Failure ?? throw NoValue();
    }

    private static DueTime AtComputed(StateData data, Computed<DateTimeOffset> field, DateTimeOffset now)
    {
        var timestamp = data.Compute(field.Expression, JsonKind.String);
        if (timestamp.Value is not JsonString text)
        {
            return timestamp.Failure ?? throw NoValue();
        }

        // Recorded in scenarios/*test_wait_timestamp_jsonata.
        return Rfc3339.TryParseLenient(text.Value, out var time)
            ? At(data, time, now)
            : data.EvaluationError(new(
                "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "
                    + text.Value,
                "Timestamp"));
    }

    private static DueTime AfterSecondsAt(StateData data, PathExpression path, JsonValue input, DateTimeOffset now)
    {
        // Recorded in wait/test_base_wait_seconds_path: these texts.
        return data.FindOrNull(path, input) switch
        {
            null => data.RuntimeError($"The SecondsPath parameter does not reference an input value: {path.Text}"),
            JsonNumber number when !HasFraction(number) && number.TryGetInt64(out var seconds) => seconds < 0
                ? data.RuntimeError(
                    $"The SecondsPath parameter references a negative value: {path.Text} == {number.Text}")
                : After(data, seconds, now),
            { } other => data.RuntimeError(
                $"The SecondsPath parameter cannot be parsed as a long value: {path.Text} == {Shown(other)}"),
        };
    }

    private static DueTime AtTimestampAt(StateData data, PathExpression path, JsonValue input, DateTimeOffset now)
    {
        var found = data.FindOrNull(path, input);
        if (found is JsonString text && Rfc3339.TryParse(text.Value, out var timestamp))
        {
            return At(data, timestamp, now);
        }

        // Recorded in wait/test_wait_timestamppath.
        const string Problem =
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string";
        return found is null
            ? data.RuntimeError($"The TimestampPath parameter does not reference an input value: {path.Text}")
            : data.RuntimeError($"{Problem}: {path.Text} == {Shown(found)}");
    }

    private static DueTime After(StateData data, long seconds, DateTimeOffset now) =>
        seconds > DelayMax.TotalSeconds ? TooLong(data) : At(data, now + TimeSpan.FromSeconds(seconds), now);

    private static DueTime At(StateData data, DateTimeOffset due, DateTimeOffset now) =>
        due - now > DelayMax ? TooLong(data) : due.ToUniversalTime();

    private static DueTime TooLong(StateData data) =>
        data.RuntimeError("Wait state delay is too long.");

    private static UnreachableException NoValue() => new("Neither a value nor a failure.");

    private static bool HasFraction(JsonNumber number) => number.Text.Contains('.', StringComparison.Ordinal);

    private static string Shown(JsonValue value) => value is JsonString text ? text.Value : value.ToText();
}

/// <summary>When a Wait state ends, or why that could not be told.</summary>
internal readonly record struct DueTime(DateTimeOffset At, StateFailure? Failure)
{
    public static implicit operator DueTime(DateTimeOffset at) => new(at, null);

    public static implicit operator DueTime(StateFailure failure) => new(default, failure);
}
