using System.Diagnostics;
using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>Chained invokes: an operation that another function carries out.</summary>
internal static class ChainedInvokeDecider
{
    /// <summary>Starts one. A target that cannot be invoked fails the operation: an error of the checkpoint would fail
    /// the whole execution.</summary>
    public static void Start(Turn turn, OperationUpdate update, string functionName)
    {
        var sequence = turn.Execution.NextSequence;
        var found = turn.Surroundings.FindTarget(functionName, turn.Chance.Bits(turn.Identity.Arn, "alias", sequence));
        var invoke = turn.EmitBegin(HistoryEventType.ChainedInvokeStarted, update, new EventDetails
        {
            Target = new ChainedTarget(
                functionName,
                update.Payload,
                update.TenantId,
                found?.FunctionArn,
                found?.Version,
                found is { IsDurable: true, Refusal: null } ? ChildArn(turn, found, sequence) : null,
                IsSent: false),
        });
        var error = found is null ? NotFound(functionName) : found.Refusal;
        if (error is not null)
        {
            _ = turn.Emit(HistoryEventType.ChainedInvokeFailed, invoke, new EventDetails { Error = error });
        }
    }

    /// <summary>Hands over all that wait for the caller to return.</summary>
    public static void SendAll(Turn turn)
    {
        foreach (var sequence in turn.Execution.UnsentInvokes)
        {
            Send(turn, sequence);
        }
    }

    public static void Send(Turn turn, int sequence)
    {
        turn.Record(new InvokeSent(sequence));
        turn.Want(new SendInvoke(turn.Execution.BySequence[sequence]));
    }

    public static Refusal? WhenEnded(Turn turn, ChainedInvokeEnded ended)
    {
        if (!turn.Execution.IsOver && turn.Execution.Find(ended.Sequence) is
            { Type: OperationType.ChainedInvoke, Status: OperationStatus.Started } invoke)
        {
            var type = ended.Status switch
            {
                OperationStatus.Succeeded => HistoryEventType.ChainedInvokeSucceeded,
                OperationStatus.Failed => HistoryEventType.ChainedInvokeFailed,
                OperationStatus.TimedOut => HistoryEventType.ChainedInvokeTimedOut,
                OperationStatus.Stopped => HistoryEventType.ChainedInvokeStopped,
                _ => throw new UnreachableException($"A chained invoke does not end as {ended.Status}."),
            };
            _ = turn.Emit(type, invoke, new EventDetails { Payload = ended.Payload, Error = ended.Error });
        }

        return null; // It was abandoned, or this end has been told before.
    }

    private static string ChildArn(Turn turn, InvokeTarget target, int sequence)
    {
        var name = turn.Chance.Uuid(turn.Identity.Arn, "child name", sequence);
        var id = turn.Chance.Uuid(turn.Identity.Arn, "child", sequence);
        return $"{target.FunctionArn}/durable-execution/{name}/{id}";
    }

    private static ErrorObject NotFound(string functionName) => new()
    {
        ErrorType = "ResourceNotFoundException",
        ErrorMessage = $"Function not found: {functionName}",
    };
}
