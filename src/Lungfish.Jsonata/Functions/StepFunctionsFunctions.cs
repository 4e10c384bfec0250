using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>What Step Functions adds to the library, and what it has in its own way. Measured there.</summary>
internal static class StepFunctionsFunctions
{
    public static IEnumerable<NativeFunction> All =>
    [
        Define.Function("partition", "<xn?:a>", 2, static (run, arguments, _) => Partition(run, arguments)),
        Define.Function("range", "<n?n?n?:a>", 3, static (run, arguments, _) => Range(run, arguments)),
        Define.Function("hash", "<s?s?:s>", 2, static (run, arguments, _) => arguments.TextAt(0) is { } text
            ? run.Text(StepFunctionsAdditions.Hash(text, arguments.TextAt(1) ?? ""))
            : default),
        Define.Function("random", "<n?:n>", 1, static (run, arguments, _) => Value.Of(
            arguments.NumberAt(0) is { } seed ? StepFunctionsAdditions.RandomOf(seed) : run.Dice.NextDouble())),
        Define.Function("uuid", "<:s>", 0, static (run, _, _) => run.Text(Uuid(run.Dice))),
        Define.Function("parse", "<s?:x>", 1, static (run, arguments, _) => Parse(run, arguments)),
        Define.Function("substring", "<s-nn?:s>", 3, static (run, arguments, _) =>
            arguments.TextAt(0) is { } text
                ? run.Text(StringFunctions.SubstringInStepFunctions(
                    text, arguments.NumberAt(1) ?? 0, arguments.NumberAt(2)))
                : default),
        Define.Function("fromMillis", "<x-s?s?:s>", 3, static (run, arguments, _) =>
            DateFunctions.FromMillis(run, arguments)),
        Define.OfText("base64encode", Encodings.Base64EncodeUtf8),
        Define.OfText("base64decode", Encodings.Base64DecodeUtf8),
        Define.OfText("decodeUrlComponent", Encodings.DecodeUrlComponentInStepFunctions),
    ];

    private static Value Partition(Run run, Value[] arguments)
    {
        var array = arguments.At(0);
        if (array.IsUndefined)
        {
            return default;
        }

        if (!array.IsArray)
        {
            throw Errors.OfArgument("T0412", 1);
        }

        run.Spend(array.Items.Count);
        run.Charge(array.Items.Count * (long)Run.ItemBytes);
        var items = new Value[array.Items.Count];
        array.Items.CopyTo(items);
        var pieces = StepFunctionsAdditions.Partition(items, arguments.NumberAt(1));
        if (pieces is null)
        {
            return default;
        }

        var result = new Sequence(run, isSequence: false);
        foreach (var piece in pieces)
        {
            result.Add(Value.Of(Sequence.ArrayOf(piece)));
        }

        return Value.Of(result);
    }

    private static Value Range(Run run, Value[] arguments)
    {
        if (arguments.NumberAt(0) is not { } first || arguments.NumberAt(1) is not { } last ||
            arguments.NumberAt(2) is not { } step)
        {
            return default;
        }

        var count = StepFunctionsAdditions.CountRange(first, last, step);
        run.Charge((long)Math.Min(count * Run.ItemBytes, 1e15));
        run.Spend((long)Math.Min(count, 1e15));
        var result = new Sequence(null);
        foreach (var number in StepFunctionsAdditions.Range(first, last, step))
        {
            result.Add(Value.Of(number));
        }

        return Value.Of(result);
    }

    private static Value Parse(Run run, Value[] arguments)
    {
        if (arguments.TextAt(0) is not { } text)
        {
            return default;
        }

        run.Spend(text.Length);
        run.Charge(2L * text.Length);
        return Value.Of(LenientJson.Parse(text));
    }

    /// <summary>A random one: version 4.</summary>
    private static string Uuid(Dice dice)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, dice.Next());
        BitConverter.TryWriteBytes(bytes[8..], dice.Next());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
