using System.Text.Encodings.Web;
using System.Text.Json;
using Lungfish.Tests.Shared;

namespace Lungfish.Conformance.Cases;

/// <summary>What does not pass yet, by id, with its reason. The list only shrinks: one that passes must leave
/// it.</summary>
/// <param name="Result">Cases whose status, output or error differs.</param>
/// <param name="History">Cases whose result is right and whose cause or events differ.</param>
internal sealed record KnownGaps(SortedDictionary<string, string> Result, SortedDictionary<string, string> History)
{
    public static KnownGaps Read() => CaseLists.Read<KnownGaps>("known-gaps.json");
}

internal static class CaseLists
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Ids by missing feature, as committed.</summary>
    public static SortedDictionary<string, string[]> ReadLaterFeatures() =>
        Read<SortedDictionary<string, string[]>>("later-features.json");

    public static SortedDictionary<string, string[]> ClassifyAll() => new(
        RecordedCases.All.Values
            .Select(recorded => (recorded.Id, Reason: LaterFeatures.FindMissing(recorded)))
            .Where(entry => entry.Reason is not null)
            .GroupBy(entry => entry.Reason ?? "", entry => entry.Id, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal),
        StringComparer.Ordinal);

    public static T Read<T>(string name)
    {
        using var stream = typeof(CaseLists).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        return JsonSerializer.Deserialize<T>(stream, s_options)
            ?? throw new InvalidDataException($"{name} says null.");
    }

    /// <summary>Writes over a committed list; only on a developer's word (<c>LUNGFISH_UPDATE_LISTS=1</c>).</summary>
    public static void Update(string name, object content) => File.WriteAllText(
        Repository.PathOf(Path.Combine("tests", "Lungfish.Conformance", name)),
        JsonSerializer.Serialize(content, s_options) + "\n");

    public static bool ShouldUpdate => Environment.GetEnvironmentVariable("LUNGFISH_UPDATE_LISTS") is "1";
}
