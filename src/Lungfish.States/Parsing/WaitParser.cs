using Lungfish.States.Model;

namespace Lungfish.States.Parsing;

/// <summary>Reads a Wait state.</summary>
internal static class WaitParser
{
    public static WaitState? Read(string name, FieldReader state)
    {
        var (input, output, next) =
            (state.PathOrNull("InputPath"), state.PathOrNull("OutputPath"), CommonFields.ReadNext(state));
        return ReadWaitUntil(state) is not { } until ? null : new WaitState
        {
            Name = name,
            InputPath = input,
            OutputPath = output,
            Until = until,
            Next = next,
        };
    }

    private static WaitUntil? ReadWaitUntil(FieldReader state)
    {
        string[] given = [.. ((string[])["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]).Where(state.Has)];
        if (given.Length != 1)
        {
            state.Refuse(
                "Exactly one of the fields 'Seconds', 'SecondsPath', 'Timestamp' and 'TimestampPath' is required",
                given.Length == 0 ? "Add one of them." : "Keep one of them.");
            return null;
        }

        switch (given[0])
        {
            case "Seconds":
                return state.Integer("Seconds", 0, CommonFields.SecondsMax) is { } seconds
                    ? new WaitSeconds(new LiteralSeconds(seconds))
                    : null;
            case "SecondsPath":
                return state.Path("SecondsPath", isReference: true) is { } secondsPath
                    ? new WaitSeconds(new SecondsAtPath(secondsPath))
                    : null;
            case "TimestampPath":
                return state.Path("TimestampPath", isReference: true) is { } path ? new WaitTimestampPath(path) : null;
        }

        if (state.Text("Timestamp") is not { } text || state["Timestamp"] is not { } field)
        {
            return null;
        }

        if (Rfc3339.TryParse(text, out var time))
        {
            return new WaitTimestamp(time);
        }

        CommonFields.RefuseTimestamp(state, field);
        return null;
    }
}
