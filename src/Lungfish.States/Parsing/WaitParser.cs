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
        string[] fields = state.IsJsonata
            ? ["Seconds", "Timestamp"]
            : ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
        string[] given = [.. fields.Where(state.Has)];
        if (given.Length != 1)
        {
            state.Refuse(
                $"Exactly one of the fields '{string.Join("', '", fields[..^1])}' and '{fields[^1]}' is required",
                given.Length == 0 ? "Add one of them." : "Keep one of them.");
            return null;
        }

        if (given[0].StartsWith("Seconds", StringComparison.Ordinal))
        {
            return ValueFields.ReadInteger(state, "Seconds", 0, CommonFields.SecondsMax) is { } seconds
                ? new WaitSeconds(seconds)
                : null;
        }

        return ValueFields.ReadTimestamp(state, "Timestamp") is { } timestamp ? new WaitTimestamp(timestamp) : null;
    }
}
