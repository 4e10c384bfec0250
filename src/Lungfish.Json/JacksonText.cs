using System.Globalization;

namespace Lungfish.Json;

/// <summary>Why a text is no JSON, in the words of the parser behind AWS's answers (Jackson, Java).</summary>
/// <remarks>
/// Recorded: the texts of sfn_api_validation (NOT_A_DEF) and of InvalidExecutionInput. The others are Jackson's too.
/// This reads a text that was refused, to word the refusal; it is not the parser.
/// </remarks>
/// <param name="Message">Without the place.</param>
/// <param name="Line">Counts from 1.</param>
/// <param name="Column">Counts from 1, in UTF-16 units: the place up to which Jackson had read.</param>
public sealed record JacksonText(string Message, int Line, int Column)
{
    private const int SourceCharsMax = 500;

    /// <summary>The refusal of <paramref name="text"/>, or one without a reason if Jackson would take it.</summary>
    public static JacksonText Of(string text) => new JacksonScan(text).Run();

    /// <summary>The place as Jackson prints it: <c>[Source: (String)"..."; line: 1, column: 4]</c>.</summary>
    public string Source(string text) => SourceAt(text, Line, Column);

    internal static string SourceAt(string text, int line, int column)
    {
        var shown = text.Length <= SourceCharsMax
            ? $"\"{text}\""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"\"{text.AsSpan(0, SourceCharsMax)}\"[truncated {text.Length - SourceCharsMax} chars]");
        return string.Create(
            CultureInfo.InvariantCulture, $"[Source: (String){shown}; line: {line}, column: {column}]");
    }
}
