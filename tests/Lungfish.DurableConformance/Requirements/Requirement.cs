using System.Text.Json.Nodes;

namespace Lungfish.DurableConformance.Requirements;

/// <summary>One official requirement: how its handler is invoked, and what must come of it.</summary>
internal sealed class Requirement
{
    // A member that this code does not know could be an expectation that it does not check.
    private static readonly HashSet<string> s_known = new(StringComparer.Ordinal)
    {
        "description", "handler", "invocations", "optional", "async", "AsyncInvoke", "Variables", "Input",
        "ExpectedResult", "ExpectedExecutionHistory", "ExpectedLogs", "CallbackActions",
        "DefaultRetryParameters", // Says in figures what the history expects of 1-13 by patterns.
    };

    private Requirement(string id, string suite, JsonObject json)
    {
        var unknown = json.Select(member => member.Key).Where(name => !s_known.Contains(name)).ToArray();
        if (unknown.Length > 0)
        {
            throw new InvalidDataException($"Requirement {id} has unknown members: {string.Join(", ", unknown)}.");
        }

        Id = id;
        Suite = suite;
        Description = json["description"]?.GetValue<string>() ?? "";
        IsAsync = json["AsyncInvoke"]?.GetValue<bool>() ?? false;
        Variables = json["Variables"]?.AsObject() ?? [];
        Input = json["Input"];
        Result = json["ExpectedResult"]?.AsObject();
        Events = ObjectsOf(json, "ExpectedExecutionHistory");
        Logs = [.. ObjectsOf(json, "ExpectedLogs").Select(LogExpectation.Of)];
        Callbacks = [.. ObjectsOf(json, "CallbackActions").Select(CallbackAction.Of)];
    }

    public string Id { get; }

    public string Suite { get; }

    public string Description { get; }

    /// <summary>Invoked as <c>Event</c>, with its history polled; otherwise the invocation waits for the end.</summary>
    public bool IsAsync { get; }

    public JsonObject Variables { get; }

    public JsonNode? Input { get; }

    /// <summary><c>ExecutionStatus</c> and perhaps <c>Result</c>. Null: only the beginning of the history is
    /// expected.</summary>
    public JsonObject? Result { get; }

    public IReadOnlyList<JsonObject> Events { get; }

    public IReadOnlyList<LogExpectation> Logs { get; }

    public IReadOnlyList<CallbackAction> Callbacks { get; }

    public static Requirement Read(string id, string suite, TextReader yaml) =>
        new(id, suite, YamlText.ReadObject(yaml));

    public override string ToString() => $"{Id} {Description}";

    private static JsonObject[] ObjectsOf(JsonObject json, string name) =>
        [.. (json[name] as JsonArray ?? []).Select(item => item?.AsObject() ?? [])];
}

/// <summary>Records that a function must have written, or must not.</summary>
/// <param name="Match">Members that a record must have; a text between slashes is a pattern.</param>
/// <param name="After">All matches come after all records that match each of these.</param>
/// <param name="Before">All matches come before all records that match each of these.</param>
internal sealed record LogExpectation(
    JsonObject Match, int CountMin, int CountMax, IReadOnlyList<JsonObject> After, IReadOnlyList<JsonObject> Before)
{
    public static LogExpectation Of(JsonObject json)
    {
        var count = json["count"]?.GetValue<int>();
        var atLeast = json["min_count"]?.GetValue<int>();
        var atMost = json["max_count"]?.GetValue<int>();
        // Without any figure one match is enough.
        return new(
            json["match"]?.AsObject() ?? throw new InvalidDataException("A log expectation without match."),
            count ?? atLeast ?? (atMost is null ? 1 : 0),
            count ?? atMost ?? int.MaxValue,
            AnchorsOf(json["after"]),
            AnchorsOf(json["before"]));
    }

    private static IReadOnlyList<JsonObject> AnchorsOf(JsonNode? anchors) => anchors switch
    {
        null => [],
        JsonArray list => [.. list.Select(item => item?.AsObject() ?? [])],
        _ => [anchors.AsObject()],
    };
}

/// <summary>What the outside world does to a callback.</summary>
/// <param name="Name">Of the callback: literal, a placeholder, a pattern, or * for any.</param>
/// <param name="Payload">Null: sent without a body.</param>
/// <param name="Delay">Between seeing the callback and sending.</param>
internal sealed record CallbackAction(string Name, CallbackOperation Operation, JsonNode? Payload, TimeSpan Delay)
{
    public static CallbackAction Of(JsonObject json) => new(
        json["CallbackName"]?.GetValue<string>() ?? throw new InvalidDataException("A callback action without name."),
        Enum.Parse<CallbackOperation>(json["Operation"]?.GetValue<string>() ?? "", ignoreCase: true),
        json["Payload"],
        TimeSpan.FromSeconds(json["Delay"]?.GetValue<double>() ?? 0));
}

internal enum CallbackOperation
{
    Success,
    Failure,
    Heartbeat,
}
