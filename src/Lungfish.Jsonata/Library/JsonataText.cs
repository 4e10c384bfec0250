using System.Globalization;
using System.Text;
using Lungfish.Json;

namespace Lungfish.Jsonata.Library;

/// <summary>Values as text, as <c>$string</c> gives them: a string is itself, anything else is JSON.</summary>
internal static class JsonataText
{
    private const int Indent = 2;

    public static string Of(JsonValue value, bool pretty = false, bool stepFunctions = false) =>
        value is JsonString text ? text.Value : Json(value, pretty, stepFunctions);

    /// <summary>The value as JSON, its numbers cut as <see cref="NumberText.Of"/> does.</summary>
    public static string Json(JsonValue value, bool pretty = false, bool stepFunctions = false) => value switch
    {
        JsonNumber number => Number(number, stepFunctions),
        JsonArray or JsonObject => new Writer(pretty ? Indent : 0, n => Number(n, stepFunctions)).Write(value),
        _ => value.ToText(),
    };

    /// <summary>The value as JSON with all the digits of its numbers, as messages show it.</summary>
    public static string Plain(JsonValue value) => value switch
    {
        JsonNumber number => NumberText.Shortest(number.Value),
        JsonArray or JsonObject => new Writer(0, number => NumberText.Shortest(number.Value)).Write(value),
        _ => value.ToText(),
    };

    private static string Number(JsonNumber number, bool stepFunctions)
    {
        if (!stepFunctions)
        {
            return NumberText.Of(number.Value);
        }

        return number.TryGetInt64(out var whole)
            ? whole.ToString(CultureInfo.InvariantCulture)
            : NumberText.InStepFunctions(number.Value);
    }

    /// <summary>Writes containers without recursion, so that any depth is safe.</summary>
    private sealed class Writer(int indent, Func<JsonNumber, string> number)
    {
        private readonly StringBuilder _text = new();
        private readonly Stack<IEnumerator<(string? Name, JsonValue Value)>> _open = new();

        public string Write(JsonValue value)
        {
            Begin(value);
            while (_open.TryPeek(out var members))
            {
                if (!members.MoveNext())
                {
                    _open.Pop();
                    members.Dispose();
                    NewLine();
                    _text.Append(_closers.Pop());
                    continue;
                }

                var (name, member) = members.Current;
                Separate();
                if (name is not null)
                {
                    _text.Append(((JsonValue)name).ToText()).Append(indent > 0 ? ": " : ":");
                }

                Begin(member);
            }

            return _text.ToString();
        }

        private readonly Stack<char> _closers = new();

        private void Begin(JsonValue value)
        {
            switch (value)
            {
                case JsonArray { Count: > 0 } array:
                    Open('[', ']', array.Select(item => ((string?)null, item)));
                    break;
                case JsonObject { Count: > 0 } found:
                    Open('{', '}', found.Select(member => ((string?)member.Key, member.Value)));
                    break;
                case JsonNumber n:
                    _text.Append(number(n));
                    break;
                default:
                    _text.Append(value.ToText());
                    break;
            }
        }

        private void Open(char opener, char closer, IEnumerable<(string? Name, JsonValue Value)> members)
        {
            _text.Append(opener);
            _closers.Push(closer);
            _open.Push(members.GetEnumerator());
        }

        private void Separate()
        {
            if (_text[^1] is not ('[' or '{'))
            {
                _text.Append(',');
            }

            NewLine();
        }

        private void NewLine()
        {
            if (indent > 0)
            {
                _text.Append('\n').Append(' ', indent * _open.Count);
            }
        }
    }
}
