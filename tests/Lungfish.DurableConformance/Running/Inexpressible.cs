using System.Text.Json;

namespace Lungfish.DurableConformance.Running;

/// <summary>The requirements that an SDK has no means for, by language and id, each with the reason.</summary>
internal static class Inexpressible
{
    public static IReadOnlyDictionary<string, Dictionary<string, string>> All { get; } = Read();

    public static bool Has(string language, string id) =>
        All.TryGetValue(language, out var reasons) && reasons.ContainsKey(id);

    private static Dictionary<string, Dictionary<string, string>> Read()
    {
        using var stream = typeof(Inexpressible).Assembly.GetManifestResourceStream("inexpressible.json")
            ?? throw new InvalidOperationException("inexpressible.json is not embedded.");
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(stream) ?? [];
    }
}
