using Lungfish.Json;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>Arithmetic, aggregation, and numbers as text.</summary>
internal static class NumberFunctions
{
    public static IEnumerable<NativeFunction> All =>
    [
        Define.OfNumber("abs", Math.Abs),
        Define.OfNumber("floor", Math.Floor),
        Define.OfNumber("ceil", Math.Ceiling),
        Define.OfNumber("sqrt", Rounding.Sqrt),
        Define.Function("round", "<n-n?:n>", 2, static (_, arguments, _) => arguments.NumberAt(0) is { } number
            ? Value.Of(Rounding.Round(number, (int)Math.Clamp(arguments.NumberAt(1) ?? 0, -400, 400)))
            : default),
        Define.Function("power", "<n-n:n>", 2, static (_, arguments, _) => arguments.NumberAt(0) is { } number
            ? Value.Of(Rounding.Power(number, arguments.NumberAt(1) ?? double.NaN))
            : default),
        Define.Function("sum", "<a<n>:n>", 1, static (run, arguments, _) => Sum(run, arguments)),
        Define.Function("average", "<a<n>:n>", 1, static (run, arguments, _) => Average(run, arguments)),
        Define.Function("max", "<a<n>:n>", 1, static (run, arguments, _) => Extreme(run, arguments, wantsMost: true)),
        Define.Function("min", "<a<n>:n>", 1, static (run, arguments, _) => Extreme(run, arguments, wantsMost: false)),
        Define.Function("number", "<(nsb)-:n>", 1, static (_, arguments, _) => Number(arguments.At(0))),
        Define.Function("formatNumber", "<n-so?:s>", 3, static (run, arguments, _) => FormatNumber(run, arguments)),
        Define.Function("formatBase", "<n-n?:s>", 2, static (run, arguments, _) => arguments.NumberAt(0) is { } number
            ? run.Text(NumberBases.Format(number, arguments.NumberAt(1) ?? 10))
            : default),
        Define.Function("formatInteger", "<n-s:s>", 2, static (run, arguments, _) =>
            arguments.NumberAt(0) is { } number
                ? run.Text(IntegerPictures.Format(number, arguments.TextAt(1) ?? ""))
                : default),
        Define.Function("parseInteger", "<s-s:n>", 2, static (_, arguments, _) =>
            arguments.TextAt(0) is { } text && IntegerPictures.Parse(text, arguments.TextAt(1) ?? "") is { } number
                ? Value.Of(number)
                : default),
    ];

    private static Value Sum(Run run, Value[] arguments)
    {
        if (arguments.At(0).IsUndefined)
        {
            return default;
        }

        return Value.Of(Total(run, arguments[0].Items));
    }

    private static Value Average(Run run, Value[] arguments)
    {
        var items = arguments.At(0).Items;
        return items.Count == 0 ? default : Value.Of(Total(run, items) / items.Count);
    }

    private static double Total(Run run, ItemList items)
    {
        run.Spend(items.Count);
        double total = 0;
        foreach (var item in items)
        {
            total += item.TryGetNumber(out var number) ? number : 0;
        }

        return total;
    }

    private static Value Extreme(Run run, Value[] arguments, bool wantsMost)
    {
        var items = arguments.At(0).Items;
        if (items.Count == 0)
        {
            return default;
        }

        run.Spend(items.Count);
        items[0].TryGetNumber(out var chosen);
        foreach (var item in items)
        {
            item.TryGetNumber(out var number);
            chosen = (number > chosen) == wantsMost ? number : chosen;
        }

        return Value.Of(chosen);
    }

    private static Value Number(Value value)
    {
        if (value.IsUndefined || value.IsNumber)
        {
            return value;
        }

        return value.TryGetText(out var text) ? Value.Of(NumberBases.Parse(text)) : Value.Of(value.IsTrue ? 1 : 0);
    }

    private static Value FormatNumber(Run run, Value[] arguments)
    {
        if (arguments.NumberAt(0) is not { } number)
        {
            return default;
        }

        var options = arguments.At(2);
        return run.Text(NumberPictures.Format(
            number,
            arguments.TextAt(1) ?? "",
            options.IsUndefined ? null : JsonForm.OfShown(options, run) as JsonObject));
    }
}
