using System.Diagnostics;

namespace Lungfish.Durable;

/// <summary>The API's spellings.</summary>
public static class WireNames
{
    public static string Of(OperationType type) => type switch
    {
        OperationType.Execution => "EXECUTION",
        OperationType.Context => "CONTEXT",
        OperationType.Step => "STEP",
        OperationType.Wait => "WAIT",
        OperationType.Callback => "CALLBACK",
        OperationType.ChainedInvoke => "CHAINED_INVOKE",
        _ => throw new UnreachableException($"No name for {type}."),
    };

    public static string Of(OperationAction action) => action switch
    {
        OperationAction.Start => "START",
        OperationAction.Succeed => "SUCCEED",
        OperationAction.Fail => "FAIL",
        OperationAction.Retry => "RETRY",
        OperationAction.Cancel => "CANCEL",
        _ => throw new UnreachableException($"No name for {action}."),
    };

    public static string Of(OperationStatus status) => status switch
    {
        OperationStatus.Started => "STARTED",
        OperationStatus.Pending => "PENDING",
        OperationStatus.Ready => "READY",
        OperationStatus.Succeeded => "SUCCEEDED",
        OperationStatus.Failed => "FAILED",
        OperationStatus.Cancelled => "CANCELLED",
        OperationStatus.TimedOut => "TIMED_OUT",
        OperationStatus.Stopped => "STOPPED",
        _ => throw new UnreachableException($"No name for {status}."),
    };

    public static string Of(DurableStatus status) => status switch
    {
        DurableStatus.Running => "RUNNING",
        DurableStatus.Succeeded => "SUCCEEDED",
        DurableStatus.Failed => "FAILED",
        DurableStatus.TimedOut => "TIMED_OUT",
        DurableStatus.Stopped => "STOPPED",
        _ => throw new UnreachableException($"No name for {status}."),
    };
}
