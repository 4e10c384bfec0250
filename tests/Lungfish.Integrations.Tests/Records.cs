using System.Text;
using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.Items;
using Lungfish.Json;
using Lungfish.Tests.Shared;

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

    /// <summary>Fails for anything but items or a refusal in words.</summary>
    public static void ReadOrRefuse(RecordReader reader)
    {
        try
        {
            // Streams of memory answer at once.
            _ = ReadAllAsync(reader).GetAwaiter().GetResult();
        }
        catch (ItemReaderException refusal)
        {
            Assert.NotEmpty(refusal.Message);
        }
    }

    public static byte[] RandomBytes(Random random, IReadOnlyList<string> samples)
    {
        var bytes = Encoding.UTF8.GetBytes(FuzzRun.Mutate(random, samples));
        for (var i = random.Next(4); i > 0 && bytes.Length > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }
}
