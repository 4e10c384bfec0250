using System.Diagnostics;
using Lungfish.Durable;

namespace Lungfish.Functions.Durable;

/// <summary>The wire's words for what operations and executions are.</summary>
public static class OperationWords
{
    public static string Of(OperationType type) => type switch
    {
        OperationType.Execution => "EXECUTION",
        OperationType.Context => "CONTEXT",
        OperationType.Step => "STEP",
        OperationType.Wait => "WAIT",
        OperationType.Callback => "CALLBACK",
        OperationType.ChainedInvoke => "CHAINED_INVOKE",
        _ => throw new UnreachableException($"{type}"),
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
        _ => throw new UnreachableException($"{status}"),
    };

    public static string Of(DurableStatus status) => status switch
    {
        DurableStatus.Running => "RUNNING",
        DurableStatus.Succeeded => "SUCCEEDED",
        DurableStatus.Failed => "FAILED",
        DurableStatus.TimedOut => "TIMED_OUT",
        DurableStatus.Stopped => "STOPPED",
        _ => throw new UnreachableException($"{status}"),
    };
}
