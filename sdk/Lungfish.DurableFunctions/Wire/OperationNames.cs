namespace Lungfish.DurableFunctions;

/// <summary>The values of <see cref="Operation.Type"/>.</summary>
public static class OperationTypes
{
    /// <summary>The execution itself.</summary>
    public const string Execution = "EXECUTION";

    /// <summary>A context that groups other operations.</summary>
    public const string Context = "CONTEXT";

    /// <summary>A step, or a condition that is being polled.</summary>
    public const string Step = "STEP";

    /// <summary>A timer.</summary>
    public const string Wait = "WAIT";

    /// <summary>A callback from outside.</summary>
    public const string Callback = "CALLBACK";

    /// <summary>An invocation of another function.</summary>
    public const string ChainedInvoke = "CHAINED_INVOKE";
}

/// <summary>The values of <see cref="Operation.SubType"/> that the SDKs write; the service echoes them.</summary>
public static class OperationSubTypes
{
    /// <summary>A step.</summary>
    public const string Step = "Step";

    /// <summary>A wait.</summary>
    public const string Wait = "Wait";

    /// <summary>A callback.</summary>
    public const string Callback = "Callback";

    /// <summary>A child context.</summary>
    public const string RunInChildContext = "RunInChildContext";

    /// <summary>A map.</summary>
    public const string Map = "Map";

    /// <summary>One item of a map.</summary>
    public const string MapIteration = "MapIteration";

    /// <summary>A parallel.</summary>
    public const string Parallel = "Parallel";

    /// <summary>One branch of a parallel.</summary>
    public const string ParallelBranch = "ParallelBranch";

    /// <summary>The context around a callback and its submitter.</summary>
    public const string WaitForCallback = "WaitForCallback";

    /// <summary>A condition that is polled.</summary>
    public const string WaitForCondition = "WaitForCondition";

    /// <summary>An invocation of another function.</summary>
    public const string ChainedInvoke = "ChainedInvoke";
}

/// <summary>The values of <see cref="Operation.Status"/>.</summary>
public static class OperationStatuses
{
    /// <summary>Under way.</summary>
    public const string Started = "STARTED";

    /// <summary>A step that waits for its next attempt.</summary>
    public const string Pending = "PENDING";

    /// <summary>A step whose next attempt may start.</summary>
    public const string Ready = "READY";

    /// <summary>Done, with a result.</summary>
    public const string Succeeded = "SUCCEEDED";

    /// <summary>Done, with an error.</summary>
    public const string Failed = "FAILED";

    /// <summary>Cancelled.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>Not completed in time.</summary>
    public const string TimedOut = "TIMED_OUT";

    /// <summary>Stopped from outside.</summary>
    public const string Stopped = "STOPPED";

    /// <summary>Whether an operation of this status never changes again.</summary>
    /// <param name="status">One of the values of this class.</param>
    public static bool IsTerminal(string status) => status is Succeeded or Failed or TimedOut or Cancelled or Stopped;
}

/// <summary>The values of <see cref="OperationUpdate.Action"/>.</summary>
public static class OperationActions
{
    /// <summary>Starts an operation, or the next attempt of a step.</summary>
    public const string Start = "START";

    /// <summary>Completes it with a result.</summary>
    public const string Succeed = "SUCCEED";

    /// <summary>Completes it with an error.</summary>
    public const string Fail = "FAIL";

    /// <summary>Ends an attempt of a step and schedules the next.</summary>
    public const string Retry = "RETRY";

    /// <summary>Cancels it.</summary>
    public const string Cancel = "CANCEL";
}
