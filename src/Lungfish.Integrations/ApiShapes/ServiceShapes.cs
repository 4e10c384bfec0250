using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Compression;
using Lungfish.Json;

namespace Lungfish.Integrations.ApiShapes;

/// <summary>What the operations of one service answer. A service is read when it is first asked for.</summary>
/// <remarks>The table is made by <c>tools/api-shapes.py</c>, which also says how it is written.</remarks>
internal sealed class ServiceShapes
{
    private const string Table = "Lungfish.Integrations.ApiShapes.api-shapes.zip";

    private static readonly ConcurrentDictionary<string, ServiceShapes?> s_services = new(StringComparer.Ordinal);

    private readonly ImmutableArray<ApiShape> _shapes;
    private readonly FrozenDictionary<string, int?> _answers;

    private ServiceShapes(JsonObject service)
    {
        _answers = Members(service["operations"]).ToFrozenDictionary(
            operation => operation.Key, operation => operation.Value is JsonNumber index ? Index(index) : (int?)null);
        _shapes = [.. Items(service["shapes"]).Select(Read)];
    }

    public ApiShape this[int index] => _shapes[index];

    /// <summary>Null if the table does not have the service.</summary>
    /// <param name="service">As in <c>aws-sdk:SERVICE</c>.</param>
    public static ServiceShapes? Find(string service) => s_services.GetOrAdd(service, Load);

    /// <summary>Null if there is no such operation, or if it answers nothing.</summary>
    /// <param name="action">As in a <c>Resource</c>: <c>getItem</c>.</param>
    public ApiShape? FindAnswer(string action) =>
        _answers.TryGetValue(action, out var index) && index is { } at ? _shapes[at] : null;

    private static ServiceShapes? Load(string service)
    {
        using var resource = typeof(ServiceShapes).Assembly.GetManifestResourceStream(Table)
            ?? throw new InvalidOperationException($"The assembly has no {Table}.");
        using var archive = new ZipArchive(resource, ZipArchiveMode.Read);
        if (archive.GetEntry(service + ".json") is not { } entry)
        {
            return null;
        }

        using var text = entry.Open();
        using var bytes = new MemoryStream(checked((int)entry.Length));
        text.CopyTo(bytes);
        return JsonValue.Parse(bytes.GetBuffer().AsSpan(0, checked((int)bytes.Length))) is JsonObject document
            ? new ServiceShapes(document)
            : throw new InvalidDataException($"{Table}: {entry.FullName} is no object.");
    }

    private static ApiShape Read(JsonValue value)
    {
        var shape = (JsonObject)value;
        return Text(shape["type"]) switch
        {
            "object" => new ObjectShape(
                Members(shape["members"]).ToFrozenDictionary(member => member.Key, member => Index(member.Value)),
                Texts(shape["required"]),
                Members(shape["aliases"]).ToFrozenDictionary(alias => alias.Key, alias => Text(alias.Value))),
            "array" => new ArrayShape(Index(shape["items"])),
            "map" => new MapShape(Index(shape["items"])),
            "string" => new TextShape(
                Texts(shape["enum"]), Bound(shape["min"], 0), Bound(shape["max"], double.PositiveInfinity)),
            "number" => new NumberShape(
                Bound(shape["min"], double.NegativeInfinity), Bound(shape["max"], double.PositiveInfinity)),
            "boolean" => new BooleanShape(),
            "any" => new AnyShape(),
            var other => throw new InvalidDataException($"{Table}: no shape is of type '{other}'."),
        };
    }

    private static IEnumerable<KeyValuePair<string, JsonValue>> Members(JsonValue? value) =>
        value as JsonObject ?? JsonObject.Empty;

    private static IEnumerable<JsonValue> Items(JsonValue? value) => value as JsonArray ?? JsonArray.Empty;

    private static ImmutableArray<string> Texts(JsonValue? value) => [.. Items(value).Select(Text)];

    private static string Text(JsonValue? value) => ((value as JsonString) ?? throw NotReadable()).Value;

    private static int Index(JsonValue? value) => (int)((value as JsonNumber) ?? throw NotReadable()).Value;

    private static double Bound(JsonValue? value, double otherwise) => (value as JsonNumber)?.Value ?? otherwise;

    private static InvalidDataException NotReadable() => new($"{Table} is not as tools/api-shapes.py writes it.");
}
