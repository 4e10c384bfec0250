using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.States.Journal;

/// <summary>What an event says beside its type.</summary>
/// <remarks>Which members a type shows stands in <see cref="EventShape"/>; the others are null.</remarks>
public sealed record EventDetails
{
    public static readonly EventDetails None = new();

    /// <summary>A state's name.</summary>
    public string? Name { get; init; }

    /// <summary>What a state, a task, a branch or an iteration was given.</summary>
    public JsonValue? Input { get; init; }

    /// <summary>Of ExecutionStarted: the input as the caller wrote it.</summary>
    public string? InputText { get; init; }

    public JsonValue? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public string? Resource { get; init; }

    public string? ResourceType { get; init; }

    public string? Region { get; init; }

    public string? WorkerName { get; init; }

    public long? TimeoutInSeconds { get; init; }

    public long? HeartbeatInSeconds { get; init; }

    /// <summary>Of a task that is scheduled: the role of its Credentials.</summary>
    public string? TaskRoleArn { get; init; }

    /// <summary>Of EvaluationFailed: the field, such as <c>Output/a[0]</c>.</summary>
    public string? Location { get; init; }

    /// <summary>Of a state's exit: the variables that it sets; null for none.</summary>
    public JsonObject? Assigned { get; init; }

    /// <summary>Of an iteration: the index of its item.</summary>
    public long? Index { get; init; }

    /// <summary>Of MapStateStarted: how many items there are.</summary>
    public long? Length { get; init; }

    /// <summary>Of ExecutionStarted: who the execution is.</summary>
    public ExecutionIdentity? Identity { get; init; }

    /// <summary>Of MapRunStarted: its ARN is shown, the rest is not.</summary>
    internal MapRunPlan? MapRun { get; init; }

    /// <summary>Of a state's exit, never shown: the state that comes next; null if its flow ends here.</summary>
    internal string? Next { get; init; }

    /// <summary>Of MapStateStarted, never shown: the array that is iterated.</summary>
    internal JsonArray? Items { get; init; }

    /// <summary>Of MapStateStarted, never shown: how many iterations may run at once; 0 for any number.</summary>
    internal long? ConcurrencyMax { get; init; }
}
