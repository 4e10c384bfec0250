using System.Globalization;
using Lungfish.Engine.Api;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.Engine.StateMachines;

/// <summary>A state machine as the catalog has it; one object for each while the engine runs.</summary>
internal sealed class StateMachineRecord(string arn, string name, DateTimeOffset createdAt)
{
    private volatile bool _isDeleting;

    public string Arn { get; } = arn;

    public string Name { get; } = name;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>Executions pin the revision that is current when they start.</summary>
    public required string CurrentRevision { get; set; }

    /// <summary>The catalog's version of this record.</summary>
    public required long Version { get; set; }

    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>Once true, no partition starts an execution any more.</summary>
    public bool IsDeleting
    {
        get => _isDeleting;
        set => _isDeleting = value;
    }

    public static StateMachineRecord Read(string arn, long version, ReadOnlySpan<byte> value)
    {
        var json = Records.Object(value);
        return new StateMachineRecord(arn, Records.Text(json, "name"), Records.Time(json, "createdAt"))
        {
            CurrentRevision = Records.Text(json, "revision"),
            Version = version,
            IsDeleting = Records.Text(json, "status") == "DELETING",
            Tags = Records.Tags(json),
        };
    }

    public byte[] Write(string currentRevision) => JsonObject.Of(
        ("name", (JsonValue)Name),
        ("status", IsDeleting ? "DELETING" : "ACTIVE"),
        ("createdAt", Records.Text(CreatedAt)),
        ("revision", currentRevision),
        ("tags", Records.Tags(Tags))).ToUtf8();
}

/// <summary>What an execution keeps of its machine: never changes.</summary>
internal sealed record StateMachineRevision
{
    public required string Id { get; init; }

    /// <summary>False for the first one: AWS shows a revision id from the first update on.</summary>
    public required bool IsUpdate { get; init; }

    public required string Definition { get; init; }

    public required string RoleArn { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>JSON text with all defaults filled in.</summary>
    public required string LoggingConfiguration { get; init; }

    /// <summary>JSON text with all defaults filled in.</summary>
    public required string TracingConfiguration { get; init; }

    public string? ShownId => IsUpdate ? Id : null;

    public bool SameContentAs(StateMachineRevision other) =>
        Definition == other.Definition
        && LoggingConfiguration == other.LoggingConfiguration
        && TracingConfiguration == other.TracingConfiguration;

    public static StateMachineRevision Read(string id, ReadOnlySpan<byte> value)
    {
        var json = Records.Object(value);
        return new StateMachineRevision
        {
            Id = id,
            IsUpdate = json["isUpdate"] is JsonBoolean { Value: true },
            Definition = Records.Text(json, "definition"),
            RoleArn = Records.Text(json, "roleArn"),
            UpdatedAt = Records.Time(json, "updatedAt"),
            LoggingConfiguration = Records.Text(json, "logging"),
            TracingConfiguration = Records.Text(json, "tracing"),
        };
    }

    public byte[] Write() => JsonObject.Of(
        ("isUpdate", (JsonValue)IsUpdate),
        ("definition", Definition),
        ("roleArn", RoleArn),
        ("updatedAt", Records.Text(UpdatedAt)),
        ("logging", LoggingConfiguration),
        ("tracing", TracingConfiguration)).ToUtf8();

    public StateMachineDescription Describe(StateMachineRecord machine) => new()
    {
        Arn = machine.Arn,
        Name = machine.Name,
        Status = machine.IsDeleting ? "DELETING" : "ACTIVE",
        Definition = Definition,
        RoleArn = RoleArn,
        Type = "STANDARD",
        CreatedAt = machine.CreatedAt,
        UpdatedAt = UpdatedAt,
        RevisionId = ShownId,
        LoggingConfiguration = LoggingConfiguration,
        TracingConfiguration = TracingConfiguration,
    };
}

/// <summary>A machine with one of its revisions, parsed.</summary>
internal sealed record PinnedDefinition(
    StateMachineRecord Machine, StateMachineRevision Revision, StateMachineDefinition Definition);

internal static class Records
{
    public static JsonObject Object(ReadOnlySpan<byte> value) => JsonValue.Parse(value) as JsonObject
        ?? throw new InvalidDataException("The catalog entry is no JSON object.");

    public static string Text(JsonObject json, string name) => json[name] is JsonString text
        ? text.Value
        : throw new InvalidDataException($"The catalog entry has no '{name}'.");

    public static DateTimeOffset Time(JsonObject json, string name) => DateTimeOffset.TryParseExact(
        Text(json, name), "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
        ? time
        : throw new InvalidDataException($"The '{name}' of the catalog entry is no time.");

    public static IReadOnlyList<Tag> Tags(JsonObject json) => json["tags"] is JsonObject tags
        ? [.. tags.Select(tag => new Tag(tag.Key, Text(tags, tag.Key)))]
        : [];

    public static JsonObject Tags(IReadOnlyList<Tag> tags) =>
        JsonObject.Of(tags.Select(tag => (tag.Key, (JsonValue)tag.Value)));

    public static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);
}
