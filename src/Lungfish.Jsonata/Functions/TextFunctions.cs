using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>Functions of text, without those that take a pattern.</summary>
internal static class TextFunctions
{
    public static IEnumerable<NativeFunction> All =>
    [
        Define.Function("string", "<x-b?:s>", 1, static (run, arguments, _) => String(run, arguments)),
        Define.Function("length", "<s-:n>", 1, static (_, arguments, _) =>
            arguments.TextAt(0) is { } text ? Value.Of(StringFunctions.Length(text)) : default),
        Define.OfText("uppercase", StringFunctions.Uppercase),
        Define.OfText("lowercase", StringFunctions.Lowercase),
        Define.OfText("trim", StringFunctions.Trim),
        Define.Function("substring", "<s-nn?:s>", 3, static (run, arguments, _) =>
            arguments.TextAt(0) is { } text
                ? run.Text(StringFunctions.Substring(text, arguments.NumberAt(1) ?? 0, arguments.NumberAt(2)))
                : default),
        Define.Function("substringBefore", "<s-s:s>", 2, static (run, arguments, _) =>
            Around(run, arguments, StringFunctions.SubstringBefore)),
        Define.Function("substringAfter", "<s-s:s>", 2, static (run, arguments, _) =>
            Around(run, arguments, StringFunctions.SubstringAfter)),
        Define.Function("pad", "<s-ns?:s>", 3, static (run, arguments, _) => Pad(run, arguments)),
        Define.Function("join", "<a<s>s?:s>", 2, static (run, arguments, _) => Join(run, arguments)),
        Define.OfText("base64encode", Encodings.Base64Encode),
        Define.OfText("base64decode", Encodings.Base64Decode),
        Define.OfText("encodeUrlComponent", Encodings.EncodeUrlComponent),
        Define.OfText("encodeUrl", Encodings.EncodeUrl),
        Define.OfText("decodeUrlComponent", Encodings.DecodeUrlComponent),
        Define.OfText("decodeUrl", Encodings.DecodeUrl),
    ];

    private static Value String(Run run, Value[] arguments)
    {
        var value = arguments.At(0);
        if (value.IsUndefined || value.IsString)
        {
            return value;
        }

        return run.Text(Spelling.Of(value, run, arguments.At(1).IsTrue));
    }

    private static Value Around(Run run, Value[] arguments, Func<string, string, string> part)
    {
        if (arguments.TextAt(0) is not { } text)
        {
            return default;
        }

        return arguments.TextAt(1) is { } marker ? run.Text(part(text, marker)) : arguments[0];
    }

    private static Value Pad(Run run, Value[] arguments)
    {
        if (arguments.TextAt(0) is not { } text)
        {
            return default;
        }

        var width = arguments.NumberAt(1) ?? 0;
        if (Math.Abs(width) > text.Length)
        {
            run.Charge((long)Math.Min(2 * Math.Abs(width), 1e15));
        }

        return Value.Of(StringFunctions.Pad(text, width, arguments.TextAt(2) ?? " "));
    }

    private static Value Join(Run run, Value[] arguments)
    {
        if (arguments.At(0).IsUndefined)
        {
            return default;
        }

        var items = arguments[0].Items;
        var separator = arguments.TextAt(1) ?? "";
        run.Spend(items.Count);
        var texts = new string[items.Count];
        var length = (long)separator.Length * items.Count;
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = items[i].TryGetText(out var text) ? text : "";
            length += texts[i].Length;
        }

        run.Charge(Run.StringBytes + (2 * length));
        return Value.Of(StringFunctions.Join(texts, separator));
    }
}
