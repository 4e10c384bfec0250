using Lungfish.Json;
using Lungfish.Jsonata.Parsing;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary>Members by name, of an object or of all objects in an array.</summary>
internal static class Lookup
{
    public static Value Of(Value input, MemberName name, Run run) => input.Object switch
    {
        JsonObject json => Value.Of(name.In(json)),
        JsonArray or Sequence => OfItems(input.Items, name, run),
        OpenObject open => name.In(open),
        _ => default,
    };

    private static Value OfItems(ItemList items, MemberName name, Run run)
    {
        Nesting.Check();
        var result = new Sequence(run);
        run.Spend(items.Count);
        foreach (var item in items)
        {
            var value = Of(item, name, run);
            if (value.IsArray)
            {
                result.AddRange(value.Items);
            }
            else if (!value.IsUndefined)
            {
                result.Add(value);
            }
        }

        return Value.Of(result);
    }
}
