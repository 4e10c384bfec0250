using System.Collections.Immutable;
using Lungfish.Durable.Deciding;
using static Lungfish.Durable.Tests.Testing.Updates;
using CallbackFailed = Lungfish.Durable.Deciding.CallbackFailed;
using CallbackSucceeded = Lungfish.Durable.Deciding.CallbackSucceeded;

namespace Lungfish.Durable.Tests.Testing;

/// <summary>Messages as a function, its callers and a clock might send them, right ones and wrong ones.</summary>
internal sealed class RandomLife(Random random)
{
    private readonly string[] _ids = [.. Enumerable.Range(0, 12).Select(i => "op" + i)];

    public Message Next(DurableExecution execution) => random.Next(25) switch
    {
        < 12 => new CheckpointReceived(
            random.Next(12) == 0 ? new(random.Next(5), random.Next(5)) : execution.Token,
            random.Next(2) == 0 ? null : "client" + random.Next(3),
            Updates(execution)),
        < 15 => new InvocationEnded(
            random.Next(6) == 0 ? random.Next(8) : execution.Running?.Number ?? 0, Outcome()),
        < 19 => new TimersDue(),
        19 => new CallbackSucceeded(Sequence(execution, OperationType.Callback), "\"yes\""),
        20 => new CallbackFailed(Sequence(execution, OperationType.Callback), Boom),
        21 => new CallbackHeartbeat(Sequence(execution, OperationType.Callback)),
        22 => new ChainedInvokeEnded(
            Sequence(execution, OperationType.ChainedInvoke),
            Pick(
                OperationStatus.Succeeded, OperationStatus.Failed, OperationStatus.TimedOut, OperationStatus.Stopped),
            "7",
            null),
        23 => random.Next(6) == 0 ? new Stop(Boom) : new TimersDue(),
        _ => new Redrive(),
    };

    private InvocationOutcome Outcome() => random.Next(20) switch
    {
        0 => new ReturnedSuccess("1"),
        1 => new ReturnedFailure(Boom),
        2 => new ReturnedNonsense(Boom),
        < 6 => new InvocationFaulted(Boom),
        < 8 => new InvocationLost(Boom),
        _ => new ReturnedPending(),
    };

    /// <summary>Mostly of an operation of that type that is open.</summary>
    private int Sequence(DurableExecution execution, OperationType type)
    {
        var open = execution.Operations
            .Where(operation => operation.Type == type && operation.IsOpen)
            .Select(operation => operation.Sequence)
            .ToArray();
        return open.Length == 0 || random.Next(6) == 0 ? random.Next(14) : Pick(open);
    }

    private ImmutableArray<OperationUpdate> Updates(DurableExecution execution)
    {
        var updates = ImmutableArray.CreateBuilder<OperationUpdate>();
        for (var i = random.Next(4); i > 0; i--)
        {
            updates.Add(Update(execution));
        }

        return updates.ToImmutable();
    }

    private OperationUpdate Update(DurableExecution execution)
    {
        if (random.Next(60) == 0)
        {
            return random.Next(2) == 0 ? Succeed() : Fail();
        }

        var id = Pick(_ids);
        for (var tries = 3; tries > 0 && execution.Find(id) is { IsOpen: false }; tries--)
        {
            id = Pick(_ids); // Most updates should be accepted.
        }

        if (execution.Find(id) is { } known && random.Next(20) != 0)
        {
            var update = known.Type switch
            {
                OperationType.Step when known.Status == OperationStatus.Ready => Pick(Step(id), StepDone(id)),
                OperationType.Step => Pick(
                    StepDone(id), StepFailed(id), StepRetry(id), Poll(id) with { SubType = null }),
                OperationType.Context => Pick(ContextDone(id), ContextFailed(id), ContextDone(id, replay: true)),
                _ => Cancel(id),
            };
            return update with { ParentId = known.ParentId };
        }

        var parent = execution.Operations
            .Where(operation => operation.Type == OperationType.Context && operation.IsOpen)
            .Select(operation => operation.Id)
            .Append(null)
            .ToArray();
        return Pick(
            Step(id),
            StepDone(id),
            StepRetry(id, 1 + random.Next(5)),
            Context(id),
            Context(id, subType: "WaitForCallback"),
            Wait(id, 1 + random.Next(8)),
            Callback(id, random.Next(6), random.Next(4)),
            Invoke(id, Pick("durable", "plain", "refused", "nowhere"))) with
        {
            ParentId = Pick(parent),
        };
    }

    private T Pick<T>(params T[] items) => items[random.Next(items.Length)];
}
