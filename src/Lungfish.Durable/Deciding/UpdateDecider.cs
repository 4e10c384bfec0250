using System.Diagnostics;
using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>What an update that is in order leads to.</summary>
internal static class UpdateDecider
{
    public static void Apply(Turn turn, OperationUpdate update)
    {
        switch (update.Type)
        {
            case OperationType.Execution:
                ApplyToExecution(turn, update);
                break;
            case OperationType.Context:
                ApplyToContext(turn, update);
                break;
            case OperationType.Step:
                ApplyToStep(turn, update);
                break;
            case OperationType.Wait when update.Action == OperationAction.Start:
                StartWait(turn, update);
                break;
            case OperationType.Wait:
                CancelWait(turn, update);
                break;
            case OperationType.Callback:
                StartCallback(turn, update);
                break;
            case OperationType.ChainedInvoke:
                ChainedInvokeDecider.Start(turn, update, update.FunctionName ?? "");
                break;
            default:
                throw new UnreachableException($"No decision for a {update.Type}.");
        }
    }

    /// <summary>The invocation's own answer comes later and is empty, because the result was too large for it.
    /// </summary>
    private static void ApplyToExecution(Turn turn, OperationUpdate update)
    {
        InvocationDecider.Complete(turn, error: null);
        if (update.Action == OperationAction.Succeed)
        {
            EndDecider.Succeed(turn, update.Payload);
        }
        else
        {
            EndDecider.Fail(turn, update.Error ?? ErrorObject.Empty);
        }
    }

    private static void ApplyToContext(Turn turn, OperationUpdate update)
    {
        var context = turn.Execution.Find(update.Id) ?? turn.EmitBegin(HistoryEventType.ContextStarted, update);
        _ = update.Action switch
        {
            OperationAction.Start => context,
            OperationAction.Succeed => turn.Emit(
                HistoryEventType.ContextSucceeded,
                context,
                new EventDetails { Payload = update.Payload, ReplayChildren = update.ReplayChildren ?? false }),
            OperationAction.Fail => turn.Emit(
                HistoryEventType.ContextFailed,
                context,
                new EventDetails { Error = update.Error ?? ErrorObject.Empty }),
            _ => throw new UnreachableException($"No {update.Action} of a context."),
        };
    }

    private static void ApplyToStep(Turn turn, OperationUpdate update)
    {
        var step = turn.Execution.Find(update.Id) switch
        {
            null => turn.EmitBegin(HistoryEventType.StepStarted, update),

            // SDKs may leave out the START of an attempt that ends in the same checkpoint; its event is there all the
            // same.
            { Status: OperationStatus.Ready } ready => turn.Emit(HistoryEventType.StepStarted, ready),
            var started => started,
        };
        if (update.Action == OperationAction.Start)
        {
            return;
        }

        var attempt = step.Attempt + 1;

        // A poll of WaitForCondition that is to be made again has succeeded; its payload is the state so far.
        var isPoll = update is { Action: OperationAction.Retry, Error: null }
            && (update.Payload is not null || step.SubType == SubTypes.WaitForCondition);
        var hasFailed = update.Action is OperationAction.Fail or OperationAction.Retry && !isPoll;
        _ = turn.Emit(
            hasFailed ? HistoryEventType.StepFailed : HistoryEventType.StepSucceeded,
            step,
            new EventDetails
            {
                Payload = update.Payload,
                Error = hasFailed ? update.Error ?? ErrorObject.Empty : null,
                CurrentAttempt = attempt,
                NextAttemptDelaySeconds =
                    update.Action == OperationAction.Retry ? update.NextAttemptDelaySeconds : null,
            });
    }

    private static void StartWait(Turn turn, OperationUpdate update)
    {
        var seconds = update.WaitSeconds ?? throw new UnreachableException("The seconds have been checked.");
        _ = turn.EmitBegin(
            HistoryEventType.WaitStarted,
            update,
            new EventDetails { Duration = seconds, ScheduledEndAt = turn.Now.AddSeconds(seconds) });
    }

    private static void CancelWait(Turn turn, OperationUpdate update)
    {
        if (turn.Execution.Find(update.Id) is { IsOpen: true } wait)
        {
            _ = turn.Emit(HistoryEventType.WaitCancelled, wait);
        }
    }

    private static void StartCallback(Turn turn, OperationUpdate update)
    {
        var callbackId = turn.Surroundings.CallbackId(turn.Identity, turn.Execution.NextSequence);
        var callback = turn.EmitBegin(HistoryEventType.CallbackStarted, update, new EventDetails
        {
            CallbackId = callbackId,
            Timeout = update.TimeoutSeconds is > 0 and var timeout ? timeout : null,
            HeartbeatTimeout = update.HeartbeatTimeoutSeconds is > 0 and var heartbeat ? heartbeat : null,
        });
        turn.Want(new OfferCallback(callback));
    }
}
