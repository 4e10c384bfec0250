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
        var data = new StateData(turn.Execution, turn.DiceForNext, scope, visit);
        var input = data.Select(state.InputPath, visit.Input);
        if (input.Value is not { } effective)
        {
            StateDecider.LeaveWith(turn, scope, input, state.Next);
            return;
        }

        var due = EvaluateDue(data, state.Until, effective, turn.Now);
        if (due.Failure is { } failure)
        {
            FailureDecider.Fail(turn, scope, failure, scope.LastEventId);
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
        var data = new StateData(turn.Execution, turn.DiceForNext, scope, visit);
        var output = data.Select(state.OutputPath, data.Select(state.InputPath, visit.Input));
        StateDecider.LeaveWith(turn, scope, output, state.Next);
    }

    private static DueTime EvaluateDue(
        StateData data, WaitUntil until, JsonValue input, DateTimeOffset now) => until switch
        {
            WaitSeconds { Seconds: LiteralSeconds literal } => After(data, literal.Seconds, now),
            WaitSeconds { Seconds: SecondsAtPath at } => AfterSecondsAt(data, at.Path, input, now),
            WaitTimestamp at => At(data, at.Timestamp, now),
            WaitTimestampPath at => AtTimestampAt(data, at.Path, input, now),
            _ => throw new UnreachableException($"No wait for {until.GetType().Name}."),
        };

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

    private static bool HasFraction(JsonNumber number) => number.Text.Contains('.', StringComparison.Ordinal);

    private static string Shown(JsonValue value) => value is JsonString text ? text.Value : value.ToText();
}

/// <summary>When a Wait state ends, or why that could not be told.</summary>
internal readonly record struct DueTime(DateTimeOffset At, StateFailure? Failure)
{
    public static implicit operator DueTime(DateTimeOffset at) => new(at, null);

    public static implicit operator DueTime(StateFailure failure) => new(default, failure);
}
