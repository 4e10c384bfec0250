namespace Lungfish.Cli.Rendering;

internal static class Counts
{
    /// <summary><c>1 activity</c>, <c>2 activities</c>, <c>0 files</c>.</summary>
    public static string Text(long count, string noun) =>
        count == 1 ? $"1 {noun}" : $"{count} {(noun.EndsWith('y') ? noun[..^1] + "ies" : noun + "s")}";
}
