using System.Diagnostics;
using Core = Lungfish.Durable;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>The wire's words for the decider's enums, and back.</summary>
internal static class WireNames
{
    public static string Of(Core.OperationType type) => type switch
    {
        Core.OperationType.Execution => OperationTypes.Execution,
        Core.OperationType.Context => OperationTypes.Context,
        Core.OperationType.Step => OperationTypes.Step,
        Core.OperationType.Wait => OperationTypes.Wait,
        Core.OperationType.Callback => OperationTypes.Callback,
        Core.OperationType.ChainedInvoke => OperationTypes.ChainedInvoke,
        _ => throw new UnreachableException($"{type}"),
    };

    public static string Of(Core.OperationStatus status) => status switch
    {
        Core.OperationStatus.Started => OperationStatuses.Started,
        Core.OperationStatus.Pending => OperationStatuses.Pending,
        Core.OperationStatus.Ready => OperationStatuses.Ready,
        Core.OperationStatus.Succeeded => OperationStatuses.Succeeded,
        Core.OperationStatus.Failed => OperationStatuses.Failed,
        Core.OperationStatus.Cancelled => OperationStatuses.Cancelled,
        Core.OperationStatus.TimedOut => OperationStatuses.TimedOut,
        Core.OperationStatus.Stopped => OperationStatuses.Stopped,
        _ => throw new UnreachableException($"{status}"),
    };

    public static string Of(Core.OperationAction action) => action switch
    {
        Core.OperationAction.Start => OperationActions.Start,
        Core.OperationAction.Succeed => OperationActions.Succeed,
        Core.OperationAction.Fail => OperationActions.Fail,
        Core.OperationAction.Retry => OperationActions.Retry,
        Core.OperationAction.Cancel => OperationActions.Cancel,
        _ => throw new UnreachableException($"{action}"),
    };

    /// <exception cref="DurableServiceException">The service knows no such type.</exception>
    public static Core.OperationType TypeOf(string word) => word switch
    {
        OperationTypes.Execution => Core.OperationType.Execution,
        OperationTypes.Context => Core.OperationType.Context,
        OperationTypes.Step => Core.OperationType.Step,
        OperationTypes.Wait => Core.OperationType.Wait,
        OperationTypes.Callback => Core.OperationType.Callback,
        OperationTypes.ChainedInvoke => Core.OperationType.ChainedInvoke,
        _ => throw Unknown("type", word),
    };

    /// <exception cref="DurableServiceException">The service knows no such action.</exception>
    public static Core.OperationAction ActionOf(string word) => word switch
    {
        OperationActions.Start => Core.OperationAction.Start,
        OperationActions.Succeed => Core.OperationAction.Succeed,
        OperationActions.Fail => Core.OperationAction.Fail,
        OperationActions.Retry => Core.OperationAction.Retry,
        OperationActions.Cancel => Core.OperationAction.Cancel,
        _ => throw Unknown("action", word),
    };

    private static DurableServiceException Unknown(string what, string word) =>
        new($"Unknown operation {what}: {word}.", "InvalidParameterValueException", 400);
}
