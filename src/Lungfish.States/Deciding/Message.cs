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

/// <summary>A child execution has closed.</summary>
/// <param name="MapRun">The id of the run's MapRunStarted event, here and below.</param>
/// <param name="Output">Null unless it has succeeded.</param>
public sealed record ChildHasClosed(
    long MapRun, long Index, ExecutionStatus Status, JsonValue? Output, string? Error, string? Cause) : Message;

/// <param name="Position">The position that was asked for.</param>
/// <param name="Next">Where the next page begins; null if this is the last one.</param>
/// <param name="Origin">What Map.Item.Source says of these items.</param>
public sealed record ItemsHaveArrived(long MapRun, string? Position, JsonValue Items, string? Next, string Origin)
    : Message;

public sealed record ItemsCannotBeRead(long MapRun, string Cause) : Message;

public sealed record ResultsAreWritten(long MapRun, JsonValue Output) : Message;

public sealed record ResultsCannotBeWritten(long MapRun, string Cause) : Message;

/// <summary>Someone changes the limits of a map run; null leaves one as it is.</summary>
public sealed record UpdateMapRun(
    string MapRunArn, long? ConcurrencyMax, long? ToleratedCount, double? ToleratedPercentage) : Message;

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
