using System.Text;
using Lungfish.Json;
using Lungfish.Jsonata.Library;

namespace Lungfish.States.Intrinsics;

/// <summary>Values as Java's toString writes them: what States.Format puts in.</summary>
internal static class JavaText
{
    public static string Of(JsonValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    /// <summary>Recorded: a text without quotes, an object as <c>{Arg1=1, Arg2=[]}</c>. A stack of its own in place of
    /// recursion: expressions and loops can nest values deeper than a thread's stack.</summary>
    public static void Append(StringBuilder text, JsonValue value)
    {
        var pending = new Stack<Piece>([new Piece("", value)]);
        while (pending.TryPop(out var piece))
        {
            text.Append(piece.Prefix);
            switch (piece.Value)
            {
                case null:
                    break;
                case JsonString plain:
                    text.Append(plain.Value);
                    break;
                case JsonNumber number:
                    text.Append(OfNumber(number));
                    break;
                case JsonArray array:
                    text.Append('[');
                    PushArray(pending, array);
                    break;
                case JsonObject obj:
                    text.Append('{');
                    PushObject(pending, obj);
                    break;
                case var literal:
                    text.Append(literal.ToText());
                    break;
            }
        }
    }

    private static void PushArray(Stack<Piece> pending, JsonArray array)
    {
        pending.Push(new Piece("]", null));
        for (var i = array.Count - 1; i >= 0; i--)
        {
            pending.Push(new Piece(i == 0 ? "" : ", ", array[i]));
        }
    }

    private static void PushObject(Stack<Piece> pending, JsonObject obj)
    {
        pending.Push(new Piece("}", null));
        var members = obj.ToArray();
        for (var i = members.Length - 1; i >= 0; i--)
        {
            var (name, value) = members[i];
            pending.Push(new Piece(i == 0 ? $"{name}=" : $", {name}=", value));
        }
    }

    /// <summary>Whole numbers keep their digits; what has a point or an exponent is a double.</summary>
    private static string OfNumber(JsonNumber number) =>
        number.Text.AsSpan().IndexOfAny("eE.") < 0 ? number.Text : JavaNumber.TextOf(number.Value);

    /// <summary>What is still to be written: a text, then the value that follows it, if one does.</summary>
    private readonly record struct Piece(string Prefix, JsonValue? Value);
}
