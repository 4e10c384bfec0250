namespace Lungfish.Cli.Rendering;

internal static class Statuses
{
    public static Style StyleOf(string status) => status switch
    {
        "SUCCEEDED" => Style.Good,
        "FAILED" or "TIMED_OUT" => Style.Bad,
        "RUNNING" or "RETRIABLE" or "CAUGHT_ERROR" => Style.Waiting,
        _ => Style.Dim,
    };
}
