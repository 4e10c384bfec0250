using System.Globalization;
using System.Text;
using Lungfish.Functions;
using Lungfish.Json;

namespace Lungfish.Server.Lambda;

/// <summary>Pages of a list: MaxItems and Marker in, NextMarker out.</summary>
internal static class FunctionPages
{
    private const int ItemsMax = 50; // Documented: ListFunctions returns at most 50 items a page.

    /// <param name="member">The answer's member that holds the items.</param>
    /// <param name="items">In an order that does not change; each with a key to go on after.</param>
    public static JsonObject Of(LambdaCall call, string member, IEnumerable<(string Key, JsonObject Item)> items)
    {
        var countMax = Math.Min(ItemsMax, ReadMaxItems(call));
        var after = ReadMarker(call);
        var rest = items.Where(i => after is null || string.CompareOrdinal(i.Key, after) > 0);
        var page = rest.Take(countMax + 1).ToList();
        var answer = JsonObject.Of(member, JsonArray.Of(page.Take(countMax).Select(i => i.Item)));
        return page.Count <= countMax
            ? answer
            : answer.With("NextMarker", Convert.ToBase64String(Encoding.UTF8.GetBytes(page[countMax - 1].Key)));
    }

    private static int ReadMaxItems(LambdaCall call)
    {
        if (call.FindQuery("MaxItems") is not { } text)
        {
            return ItemsMax;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and <= 10_000
                ? count
                : throw LambdaErrors.Validation(
                    $"Value '{text}' at 'maxItems' failed to satisfy constraint: "
                    + "Member must have value between 1 and 10000");
    }

    private static string? ReadMarker(LambdaCall call)
    {
        try
        {
            return call.FindQuery("Marker") is { } marker
                ? Encoding.UTF8.GetString(Convert.FromBase64String(marker))
                : null;
        }
        catch (FormatException)
        {
            throw LambdaErrors.InvalidParameter("The provided marker is not valid.");
        }
    }
}
