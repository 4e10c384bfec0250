using Lungfish.Json;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Parsing;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>Functions of objects that call no other function.</summary>
internal static class ObjectFunctions
{
    public static IEnumerable<NativeFunction> All =>
    [
        Define.Function("keys", "<x-:a<s>>", 1, static (run, arguments, _) => Keys(arguments.At(0), run)),
        Define.Function("lookup", "<x-s:x>", 2, static (run, arguments, _) =>
            arguments.TextAt(1) is { } name ? Lookup.Of(arguments.At(0), new MemberName(name), run) : default),
        Define.Function("spread", "<x-:a<o>>", 1, static (run, arguments, _) => Spread(arguments.At(0), run)),
        Define.Function("merge", "<a<o>:o>", 1, static (run, arguments, _) => Merge(arguments.At(0), run)),
        Define.Function("clone", "<(oa)-:o>", 1, static (run, arguments, _) => MutableCopy.Of(arguments.At(0), run)),
    ];

    private static Value Keys(Value value, Run run)
    {
        var names = new Sequence(run);
        AddKeys(value, names, new HashSet<string>(StringComparer.Ordinal), run);
        return Value.Of(names);
    }

    private static void AddKeys(Value value, Sequence names, HashSet<string> seen, Run run)
    {
        run.Spend(1);
        if (value.IsArray)
        {
            Nesting.Check();
            var items = value.Items;
            for (var i = 0; i < items.Count; i++)
            {
                AddKeys(items[i], names, seen, run);
            }

            return;
        }

        foreach (var (name, _) in new Members(value))
        {
            if (seen.Add(name))
            {
                names.Add(Value.Of(name));
            }
        }
    }

    private static Value Spread(Value value, Run run)
    {
        if (!value.IsArray && !value.IsObject)
        {
            return value;
        }

        // An array gives an array, an object a sequence.
        var result = new Sequence(run, isSequence: !value.IsArray || value.Items.Count == 0);
        AddSpread(value, result, run);
        return Value.Of(result);
    }

    private static void AddSpread(Value value, Sequence result, Run run)
    {
        run.Spend(1);
        if (value.IsArray)
        {
            Nesting.Check();
            var items = value.Items;
            for (var i = 0; i < items.Count; i++)
            {
                AddSpread(items[i], result, run);
            }
        }
        else if (value.IsObject)
        {
            foreach (var (name, member) in new Members(value))
            {
                var builder = new ObjectBuilder(1, run);
                builder.Add(name, member);
                result.Add(builder.Build());
            }
        }
        else
        {
            result.Add(value);
        }
    }

    private static Value Merge(Value array, Run run)
    {
        if (array.IsUndefined)
        {
            return default;
        }

        var items = array.Items;
        if (items.Count == 1 && items[0].Object is JsonObject)
        {
            return items[0];
        }

        var merged = new OpenObject();
        for (var i = 0; i < items.Count; i++)
        {
            foreach (var (name, member) in new Members(items[i]))
            {
                run.Spend(1);
                merged.Set(name, member);
            }
        }

        var result = new ObjectBuilder(merged.Count, run);
        for (var i = 0; i < merged.Count; i++)
        {
            result.Add(merged[i].Key, merged[i].Value);
        }

        return result.Build();
    }
}
