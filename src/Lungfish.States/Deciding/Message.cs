using Lungfish.Json;

namespace Lungfish.States.Deciding;

/// <summary>Something that happened outside and that an execution has to answer to.</summary>
public abstract record Message
{
    private protected Message() { }
}

/// <summary>An execution begins.</summary>
/// <param name="Input">The input, parsed.</param>
/// <param name="InputText">The same as the caller wrote it: AWS keeps its white space.</param>
public sealed record Start(ExecutionIdentity Identity, JsonValue Input, string InputText) : Message;

/// <summary>A worker took an activity's task. A task is named by the id of the event that scheduled it.</summary>
public sealed record TaskTaken(long TaskId, string? WorkerName) : Message;

/// <summary>The call behind a <c>.waitForTaskToken</c> task was made; its answer is not the task's result.</summary>
public sealed record TaskSubmitted(long TaskId, JsonValue Output) : Message;

public sealed record TaskSucceeded(long TaskId, JsonValue Output) : Message;

public sealed record TaskFailed(long TaskId, string? Error, string? Cause) : Message;

public sealed record TaskHeartbeat(long TaskId) : Message;

public sealed record TimerDue(TimerId Timer) : Message;

/// <summary>Someone asked that the execution be aborted.</summary>
public sealed record Stop(string? Error, string? Cause) : Message;

/// <summary>Goes on after the decider yielded (<see cref="ContinueLater"/>).</summary>
public sealed record Continue : Message;

/// <summary>Who an execution is; never changes.</summary>
public sealed record ExecutionIdentity
{
    public required string ExecutionArn { get; init; }

    public required string ExecutionName { get; init; }

    public required string StateMachineArn { get; init; }

    public required string StateMachineName { get; init; }

    public required string RoleArn { get; init; }
}
