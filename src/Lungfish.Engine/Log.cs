using Lungfish.States.Quotas;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error,
        "Execution {ExecutionArn} was set aside because of an internal error; it is tried again at the next start.")]
    public static partial void ExecutionSetAside(ILogger logger, string executionArn, Exception exception);

    [LoggerMessage(2, LogLevel.Critical, "Partition {Partition} failed; all memory is dropped and reloaded.")]
    public static partial void PartitionFailed(ILogger logger, int partition, Exception exception);

    [LoggerMessage(3, LogLevel.Critical, "Partition {Partition} was taken by another owner; it is closed here.")]
    public static partial void LeaseLost(ILogger logger, int partition, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "A commit failed; all memory is dropped and reloaded from the store.")]
    public static partial void LaneDown(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "Recovered: the partitions are reloaded from the store.")]
    public static partial void LaneRecovered(ILogger logger);

    [LoggerMessage(6, LogLevel.Error, "The store could not be reloaded; it is tried again.")]
    public static partial void RecoveryFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Error, "Partition {Partition} could not read its next timers; it is tried again.")]
    public static partial void WakeupsNotRead(ILogger logger, int partition, Exception exception);

    [LoggerMessage(8, LogLevel.Error, "The handler of {Resource} threw; its task fails with States.TaskFailed.")]
    public static partial void HandlerThrew(ILogger logger, string resource, Exception exception);

    [LoggerMessage(11, LogLevel.Warning,
        "Execution {ExecutionArn} needs {Amount} {Quota}, and AWS gives {Limit}: it would fail there.")]
    public static partial void QuotaExceeded(
        ILogger logger, string executionArn, Quota quota, long amount, long limit);

    [LoggerMessage(15, LogLevel.Critical,
        "{Reason} Nothing new is started and nothing is recorded until there is room; what is open waits.")]
    public static partial void StoreFull(ILogger logger, string reason);

    [LoggerMessage(16, LogLevel.Warning, "There is room on the disk again: what waited goes on.")]
    public static partial void StoreHasRoom(ILogger logger);

    [LoggerMessage(17, LogLevel.Warning,
        "The names of the executions of {OwnerArn} could not be read; until they are, each new name is looked up.")]
    public static partial void NamesNotRead(ILogger logger, string ownerArn, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "Removing closed executions failed; it is tried again.")]
    public static partial void RetentionFailed(ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Error, "Deleting state machine {StateMachineArn} failed; it is tried again.")]
    public static partial void DeletionFailed(ILogger logger, string stateMachineArn, Exception exception);

    [LoggerMessage(12, LogLevel.Error, "Stopping the children of map run {MapRun} failed; it is tried again.")]
    public static partial void StoppingChildrenFailed(ILogger logger, Guid mapRun, Exception exception);

    [LoggerMessage(13, LogLevel.Error,
        "Invoking the function of {ExecutionArn} failed in the server; it is invoked again after a while.")]
    public static partial void InvocationThrew(ILogger logger, string executionArn, Exception exception);

    [LoggerMessage(18, LogLevel.Warning, "An invocation of {ExecutionArn} failed: {ErrorType}: {ErrorMessage}")]
    public static partial void InvocationFaulted(
        ILogger logger, string executionArn, string? errorType, string? errorMessage);

    [LoggerMessage(14, LogLevel.Error, "Chained invoke {OperationId} of {ExecutionArn} failed in the server.")]
    public static partial void ChainedInvokeThrew(
        ILogger logger, string executionArn, string operationId, Exception exception);
}
