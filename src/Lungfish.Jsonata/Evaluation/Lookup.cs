using Lungfish.Json;
using Lungfish.Jsonata.Parsing;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary>Members by name, of an object or of all objects in an array.</summary>
internal static class Lookup
{
    public static Value Of(Value input, string name, Run run) => input.Object switch
    {
        JsonObject json => Value.Of(json[name]),
        JsonArray or Sequence => OfItems(input.Items, name, run),
        OpenObject open => open.Find(name),
        _ => default,
    };

    private static Value OfItems(ItemList items, string name, Run run)
    {
        Nesting.Check();
        var result = new Sequence(run);
        run.Spend(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var value = Of(items[i], name, run);
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
