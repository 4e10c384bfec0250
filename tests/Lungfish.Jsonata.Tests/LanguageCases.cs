using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.Tests.Shared;

namespace Lungfish.Jsonata.Tests;

/// <summary>The public test suite of the reference implementation, as it lies beside the repository.</summary>
internal static class LanguageCases
{
    private static readonly string? Folder =
        Repository.SharedFolder is { } shared ? Path.Combine(shared, "conformance", "jsonata") : null;

    private static readonly Lazy<ImmutableDictionary<string, JsonObject>> ById = new(Read);

    private static readonly Dictionary<string, JsonValue?> Datasets = new(StringComparer.Ordinal);

    public static IEnumerable<string> Ids => ById.Value.Keys.Order(StringComparer.Ordinal);

    public static JsonObject Get(string id) => ById.Value[id];

    public static JsonValue? InputOf(JsonObject testCase)
    {
        if (testCase["data"] is { } data)
        {
            return data;
        }

        if (testCase["dataset"] is not JsonString name || Folder is null)
        {
            return null;
        }

        lock (Datasets)
        {
            if (!Datasets.TryGetValue(name.Value, out var known))
            {
                known = JsonValue.Parse(File.ReadAllBytes(Path.Combine(Folder, "datasets", name.Value + ".json")));
                Datasets.Add(name.Value, known);
            }

            return known;
        }
    }

    private static ImmutableDictionary<string, JsonObject> Read()
    {
        var cases = ImmutableDictionary.CreateBuilder<string, JsonObject>(StringComparer.Ordinal);
        if (Folder is null)
        {
            return cases.ToImmutable();
        }

        var list = (JsonArray)JsonValue.Parse(File.ReadAllBytes(Path.Combine(Folder, "cases.json")));
        foreach (var item in list.OfType<JsonObject>())
        {
            cases.Add(((JsonString?)item["id"])?.Value ?? "", item);
        }

        return cases.ToImmutable();
    }
}
