using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.Conformance.Cases;

/// <summary>One recorded case; its README beside the recordings explains the members.</summary>
internal sealed class RecordedCase(JsonObject json)
{
    public JsonObject Json => json;

    public string Id => Text("id") ?? throw new InvalidDataException("A case without an id.");

    public string Group => Text("group") ?? "";

    public bool IsExecution => Text("kind") is "execution";

    public string? MachineType => Text("machineType");

    public string? HistoryMatch => Text("historyMatch");

    public bool ListsInAnyOrder => json["unorderedLists"]?.GetValue<bool>() ?? false;

    public IEnumerable<string> Needs => Items("needs").Select(need => need.GetValue<string>());

    public IEnumerable<JsonObject> Functions => Items("functions").OfType<JsonObject>();

    public IEnumerable<JsonObject> Setup => Items("setup").OfType<JsonObject>();

    public IEnumerable<JsonObject> Calls => Items("calls").OfType<JsonObject>();

    public JsonObject Expected => json["expected"]?.AsObject() ?? [];

    public override string ToString() => Id;

    private string? Text(string name) => json[name]?.GetValue<string>();

    private IEnumerable<JsonNode> Items(string name) => (json[name] as JsonArray)?.OfType<JsonNode>() ?? [];
}

internal static class RecordedCases
{
    /// <summary>All cases by id; none for a user who has no recordings beside the clone.</summary>
    public static IReadOnlyDictionary<string, RecordedCase> All { get; } = ReadAll();

    private static Dictionary<string, RecordedCase> ReadAll()
    {
        if (Repository.SharedFolder is null)
        {
            return [];
        }

        var cases =
            from file in Directory.EnumerateFiles(
                Path.Combine(Repository.SharedFolder, "conformance", "asl", "dev"), "*.json")
            from item in JsonNode.Parse(File.ReadAllText(file))?.AsArray() ?? []
            let recorded = new RecordedCase(item.AsObject())
            orderby recorded.Id
            select recorded;
        return cases.ToDictionary(recorded => recorded.Id, StringComparer.Ordinal);
    }
}
