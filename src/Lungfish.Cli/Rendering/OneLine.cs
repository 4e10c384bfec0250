namespace Lungfish.Cli.Rendering;

/// <summary>Text of any length and form as one line.</summary>
internal static class OneLine
{
    public static string Of(string text, int lengthMax)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= lengthMax ? line : $"{line[..(lengthMax - 1)]}…";
    }

    /// <returns>Null: neither says anything.</returns>
    public static string? OfError(string? type, string? message, int lengthMax)
    {
        var said = string.Join(": ", new[] { type, message }.Where(part => part is { Length: > 0 }));
        return said.Length > 0 ? Of(said, lengthMax) : null;
    }
}
