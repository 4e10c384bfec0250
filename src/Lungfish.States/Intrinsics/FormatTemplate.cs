using System.Globalization;
using System.Text;
using Lungfish.Json;

namespace Lungfish.States.Intrinsics;

/// <summary>The template of States.Format: texts, and between them the places of its arguments.</summary>
internal sealed class FormatTemplate
{
    private readonly string[] _texts;

    private FormatTemplate(string[] texts) => _texts = texts;

    /// <param name="raw">With <c>{}</c> for each argument, and <c>\{</c>, <c>\}</c>, <c>\'</c>, <c>\\</c> for those
    /// characters themselves.</param>
    public static FormatTemplate Parse(string raw)
    {
        List<string> texts = [];
        var text = new StringBuilder();
        for (var i = 0; i < raw.Length; i++)
        {
            var next = i + 1 < raw.Length ? raw[i + 1] : '\0';
            switch (raw[i])
            {
                case '\\' when next is '{' or '}' or '\'' or '\\':
                    text.Append(next);
                    i++;
                    break;
                case '{' when next == '}':
                    texts.Add(text.ToString());
                    text.Clear();
                    i++;
                    break;
                default:
                    text.Append(raw[i]);
                    break;
            }
        }

        texts.Add(text.ToString());
        return new FormatTemplate([.. texts]);
    }

    public JsonValue Fill(ReadOnlySpan<JsonValue> values)
    {
        if (values.Length != _texts.Length - 1)
        {
            throw new IntrinsicException(string.Create(
                CultureInfo.InvariantCulture,
                $"The template has {_texts.Length - 1} places for {values.Length} arguments"));
        }

        var text = new StringBuilder(_texts[0]);
        for (var i = 0; i < values.Length; i++)
        {
            JavaText.Append(text, values[i]);
            text.Append(_texts[i + 1]);
        }

        return text.ToString();
    }
}
