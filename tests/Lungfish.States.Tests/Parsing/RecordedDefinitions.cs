using Lungfish.Json;
using Lungfish.Tests;

namespace Lungfish.States.Tests.Parsing;

/// <summary>Every definition in the recorded cases, as text.</summary>
internal static class RecordedDefinitions
{
    public static IEnumerable<(string Case, string Definition)> All()
    {
        if (RepositoryPaths.Conformance is not { } folder)
        {
            yield break;
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "asl", "dev"), "*.json").Order())
        {
            foreach (var recorded in (JsonArray)JsonValue.Parse(File.ReadAllBytes(file)))
            {
                var name = Text(((JsonObject)recorded)["id"]) ?? "";
                foreach (var definition in Find(recorded))
                {
                    yield return (name, definition);
                }
            }
        }
    }

    private static IEnumerable<string> Find(JsonValue value) => value switch
    {
        JsonObject obj => obj.SelectMany(member => member.Key == "definition"
            ? [Text(member.Value) ?? member.Value.ToText()]
            : Find(member.Value)),
        JsonArray array => array.SelectMany(Find),
        _ => [],
    };

    private static string? Text(JsonValue? value) => (value as JsonString)?.Value;
}
