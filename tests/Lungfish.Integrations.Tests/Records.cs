using Lungfish.Integrations.Items;
using Lungfish.Json;

namespace Lungfish.Integrations.Tests;

/// <summary>What tests of record readers have in common.</summary>
internal static class Records
{
    /// <returns>JSON text: an array, or an object if the records have keys.</returns>
    public static async Task<string> ReadAllAsync(RecordReader reader)
    {
        var elements = new JsonArray.Builder();
        var members = new JsonObject.Builder();
        while (await reader.ReadAsync(default) is { } record)
        {
            if (record.Key is null)
            {
                elements.Add(record.Value);
            }
            else
            {
                members.Set(record.Key, record.Value);
            }
        }

        return members.Build() is { Count: > 0 } found ? found.ToText() : elements.Build().ToText();
    }
}
