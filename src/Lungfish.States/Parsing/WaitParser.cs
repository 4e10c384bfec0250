using Lungfish.States.Model;

namespace Lungfish.States.Parsing;

/// <summary>Reads a Wait state.</summary>
internal static class WaitParser
{
    public static WaitState? Read(string name, FieldReader state)
    {
        var (data, next) =
            (CommonFields.ReadDataFlow(state, JsonataPlace.BeforeWork), CommonFields.ReadNext(state));
        return ReadWaitUntil(state) is not { } until ? null : new WaitState
        {
            Name = name,
            Data = data,
            Until = until,
            Next = next,
        };
    }

    private static WaitUntil? ReadWaitUntil(FieldReader state)
    {
        // Measured, the order too; of JSONata's shorter list it is a guess.
        string[] fields = state.IsJsonata
            ? ["Seconds", "Timestamp"]
            : ["SecondsPath", "Seconds", "TimestampPath", "Timestamp"];
        if (state.RequireOneOf(fields) is not { } given)
        {
            return null;
        }

        if (given.StartsWith("Seconds", StringComparison.Ordinal))
        {
            return ValueFields.ReadInteger(state, "Seconds", 0, CommonFields.SecondsMax) is { } seconds
                ? new WaitSeconds(seconds)
                : null;
        }

        return ValueFields.ReadTimestamp(state, "Timestamp") is { } timestamp ? new WaitTimestamp(timestamp) : null;
    }
}
