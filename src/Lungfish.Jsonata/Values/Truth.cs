using Lungfish.Json;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Parsing;

namespace Lungfish.Jsonata.Values;

/// <summary>What counts as true. Documented for <c>$boolean</c>.</summary>
internal static class Truth
{
    public static bool Of(Value value, Run run)
    {
        switch (value.Object)
        {
            case null or JsonNull or Function:
                return false;
            case JsonBoolean:
                return value.IsTrue;
            case JsonString text:
                return text.Value.Length > 0;
            case JsonObject json:
                return json.Count > 0;
            case OpenObject open:
                return open.Count > 0;
            case JsonArray or Sequence:
                return OfAny(value.Items, run);
            default:
                // A number without bounds is refused, as everywhere.
                return value.IsNumeric(out var number) && number != 0;
        }
    }

    /// <summary>Whether there is something: unlike above, any array, object or function counts.</summary>
    public static bool OfAnything(Value value, Run run) =>
        value.IsFunction || value.IsArray || value.IsObject || Of(value, run);

    private static bool OfAny(ItemList items, Run run)
    {
        Nesting.Check();
        for (var i = 0; i < items.Count; i++)
        {
            run.Spend(1); // What is shared many times inside itself would take for ever.
            if (Of(items[i], run))
            {
                return true;
            }
        }

        return false;
    }
}
