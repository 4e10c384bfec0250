using System.Text;
using Lungfish.Json;

namespace Lungfish.Deployment;

/// <summary>JSON for people: two spaces, as the plugin writes definitions. Every value can be shown, half surrogate
/// pairs and deep ones too.</summary>
public static class IndentedJson
{
    public static string Write(JsonValue value)
    {
        var text = new StringBuilder();
        var pending = new Stack<Piece>([new Piece("", value, 0)]);
        while (pending.TryPop(out var piece))
        {
            text.Append(piece.Prefix);
            switch (piece.Value)
            {
                case JsonArray { Count: > 0 } array:
                    Open(pending, text, '[', ']', piece.Depth, [.. array.Select(item => ("", item))]);
                    break;
                case JsonObject { Count: > 0 } obj:
                    Open(pending, text, '{', '}', piece.Depth, [.. obj.Select(m => (NameOf(m.Key), m.Value))]);
                    break;
                case { } scalar:
                    text.Append(scalar.ToText());
                    break;
                case null:
                    break;
            }
        }

        return text.ToString();
    }

    private static string NameOf(string key) => ((JsonValue)key).ToText() + ": ";

    private static void Open(
        Stack<Piece> pending, StringBuilder text, char open, char close, int depth,
        (string Name, JsonValue Value)[] parts)
    {
        var line = "\n" + new string(' ', 2 * (depth + 1));
        text.Append(open);
        pending.Push(new Piece($"{line[..^2]}{close}", null, depth));
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            var comma = i == 0 ? "" : ",";
            pending.Push(new Piece($"{comma}{line}{parts[i].Name}", parts[i].Value, depth + 1));
        }
    }

    /// <summary>What is still to be written: a text, then the value that follows it, if one does.</summary>
    private readonly record struct Piece(string Prefix, JsonValue? Value, int Depth);
}
