using System.Collections.Immutable;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Durable;

namespace Lungfish.Simulation.Programs;

/// <summary>One invocation of a durable function: speaks the protocol as SDKs do, and now and then crashes, repeats
/// itself, or uses what it should not.</summary>
internal sealed class DurableRunner(
    IWorld world,
    FunctionMemory memory,
    IDurableExecutions executions,
    DurableWorkflow workflow,
    DurableInvocation invocation)
{
    private const int TriesMax = 4;
    private const int PollsMax = 3;
    private const string InvalidToken = "Invalid Checkpoint Token";

    private static readonly TimeSpan s_retryDelay = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, Operation> _known = [];
    private readonly InvocationMemory _done = new();
    private string? _token = invocation.CheckpointToken;
    private int _checkpoints;
    private int _polls;

    private string Arn => invocation.Execution.Arn;

    private Random Random => world.Random;

    public async Task<InvocationOutcome> RunAsync()
    {
        var before = memory.OldTokens.GetValueOrDefault(Arn);
        memory.LatestInvocation[Arn] = invocation.RequestId;
        try
        {
            if (before is not null && Happens(memory.StalePercent))
            {
                await UseStaleTokenAsync(before);
            }

            await LoadAsync();
            return await ReplayAsync();
        }
        catch (LostException)
        {
            return Crashed("The service refused its checkpoint.");
        }
    }

    private async Task<InvocationOutcome> ReplayAsync()
    {
        while (true)
        {
            var replay = new DurableReplay(workflow, _known, _done);
            var outcome = replay.Run();
            if (replay.Problem is { } problem)
            {
                world.Violate($"{Arn}: {problem}");
            }

            foreach (var (callbackId, plan) in replay.Callbacks)
            {
                memory.Outside.Answer(callbackId, plan);
            }

            if (!outcome.IsBlocked)
            {
                return await EndAsync(outcome);
            }

            if (replay.IsIdle)
            {
                return new ReturnedPending();
            }

            if (replay.Updates.Count + replay.Bodies.Count == 0)
            {
                if (_polls++ < PollsMax && Happens(memory.EarlyPendingPercent))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(Random.Next(3_000)), world.Time);
                    await CheckpointAsync([]); // What has happened meanwhile?
                    continue;
                }

                return new ReturnedPending();
            }

            if (replay.Awaits && Happens(memory.EarlyPendingPercent))
            {
                return new ReturnedPending(); // It could go on; it will.
            }

            if (await WorkAsync(replay) is { } crashed)
            {
                return crashed;
            }
        }
    }

    /// <summary>Runs what is to be run, and reports all or some of what there is.</summary>
    private async Task<InvocationOutcome?> WorkAsync(DurableReplay replay)
    {
        var updates = replay.Updates;
        var bodies = Happens(memory.SmallBatchPercent) ? replay.Bodies.Take(1) : replay.Bodies;
        foreach (var body in bodies)
        {
            if (body.NeedsStart && !(body.Attempt > 1 && Random.Next(2) == 0)) // A retry's start may be left out.
            {
                updates.Add(body.Update(OperationAction.Start));
            }

            var close = await RunAsync(body);
            _done.Results[(body.Path, body.Attempt)] = close;
            updates.Add(close);
        }

        if (memory.Crashes(Arn, Random))
        {
            return Crashed("It crashed before its checkpoint.");
        }

        var count = Happens(memory.SmallBatchPercent) ? Random.Next(1, updates.Count + 1) : updates.Count;
        await CheckpointAsync([.. updates.Take(count)]);
        return memory.Crashes(Arn, Random) ? Crashed("It crashed after its checkpoint.") : null;
    }

    private async Task<OperationUpdate> RunAsync(StepBody body)
    {
        memory.Ledger.Ran(Arn, body, isZombie: memory.LatestInvocation[Arn] != invocation.RequestId);
        if (body.Submits is var (callbackId, plan))
        {
            memory.Outside.Answer(callbackId, plan);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(Random.Next(700)), world.Time);
        return body.Run(workflow, memory.Redriven.Contains(Arn));
    }

    private async Task<InvocationOutcome> EndAsync(Outcome outcome)
    {
        var input = invocation.Operations[0].Payload;
        var result = outcome.Value is { } value ? DurableWorkflow.ResultOf(input, value).ToText() : null;
        if (Happens(memory.EndByCheckpointPercent)) // As SDKs do whose result is too large for an answer.
        {
            await CheckpointAsync([new OperationUpdate
            {
                Id = invocation.Execution.Id,
                Type = OperationType.Execution,
                Action = result is null ? OperationAction.Fail : OperationAction.Succeed,
                Payload = result,
                Error = outcome.Error,
            }]);
            return new ReturnedSuccess("");
        }

        return result is null ? new ReturnedFailure(outcome.Error) : new ReturnedSuccess(result);
    }

    private async Task CheckpointAsync(ImmutableArray<OperationUpdate> updates)
    {
        var token = _token ?? throw new InvalidOperationException("The execution has ended.");
        var clientToken = Random.Next(5) == 0 ? null : $"{invocation.RequestId}-{++_checkpoints}";
        memory.OldTokens[Arn] = token;
        var answer = await SendAsync(token, clientToken, updates);
        if (clientToken is not null && Happens(memory.RepeatPercent))
        {
            await RepeatAsync(token, clientToken, updates, answer);
        }

        _token = answer.CheckpointToken;
        foreach (var operation in answer.Operations)
        {
            _known[operation.Id] = operation;
        }

        foreach (var update in updates.Where(update => update.Type == OperationType.Step))
        {
            Acknowledged(update);
        }
    }

    private void Acknowledged(OperationUpdate update)
    {
        if (update.Action == OperationAction.Start && _known.TryGetValue(update.Id, out var step))
        {
            _ = _done.Started.Add((update.Id, step.Attempt + 1));
        }
        else if (update.Action == OperationAction.Succeed)
        {
            memory.Ledger.Completed(Arn, update.Id);
        }
    }

    /// <summary>Tries again as SDKs do: the same request.</summary>
    private async Task<CheckpointResult> SendAsync(
        string token, string? clientToken, ImmutableArray<OperationUpdate> updates)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await executions.CheckpointAsync(Arn, token, clientToken, updates, CancellationToken.None);
            }
            catch (ApiException e) when (Outside.IsPassing(e) && tries < TriesMax)
            {
                await Task.Delay(s_retryDelay * tries, world.Time);
            }
            catch (ApiException e)
            {
                if (!Outside.IsPassing(e) && !e.Message.StartsWith(InvalidToken, StringComparison.Ordinal))
                {
                    world.Violate($"{Arn}: a checkpoint that is in order was refused: {e.Message}");
                }

                throw new LostException();
            }
        }
    }

    /// <summary>The answer was lost, as far as it knows: it gets the same token again.</summary>
    private async Task RepeatAsync(
        string token, string clientToken, ImmutableArray<OperationUpdate> updates, CheckpointResult first)
    {
        try
        {
            var again = await executions.CheckpointAsync(Arn, token, clientToken, updates, CancellationToken.None);
            if (again.CheckpointToken != first.CheckpointToken)
            {
                world.Violate($"{Arn}: a repeated checkpoint was answered with another token.");
            }
        }
        catch (ApiException)
        {
            // The execution has ended, or its invocation is lost; the next checkpoint will tell.
        }
    }

    /// <summary>The invocation before may still run somewhere: nothing that it says counts any more.</summary>
    private async Task UseStaleTokenAsync(string token)
    {
        try
        {
            _ = await executions.CheckpointAsync(
                Arn,
                token,
                clientToken: null,
                [
                    new OperationUpdate
                    {
                        Id = "stale",
                        Type = OperationType.Step,
                        Action = OperationAction.Succeed,
                        Payload = "\"a lie\"",
                    },
                ],
                CancellationToken.None);
            world.Violate($"{Arn}: a checkpoint was accepted of an invocation that is over.");
        }
        catch (ApiException)
        {
            // As it must be.
        }
    }

    /// <summary>Reads what it is shown: all of it from its envelope, or a part of it page by page.</summary>
    private async Task LoadAsync()
    {
        var shown = invocation.Operations;
        var operations = shown.ToList();
        if (shown.Count > 1 && Happens(memory.PagePercent))
        {
            var first = Random.Next(1, shown.Count);
            operations.RemoveRange(first, shown.Count - first);
            await ReadOnAsync(operations, invocation.MarkerAt(first));
            if (!operations.Select(operation => (operation.Id, operation.Status)).SequenceEqual(
                shown.Select(operation => (operation.Id, operation.Status))))
            {
                world.Violate($"{Arn}: its pages show something else than its envelope.");
            }
        }

        foreach (var operation in operations)
        {
            _known[operation.Id] = operation;
        }
    }

    private async Task ReadOnAsync(List<Operation> operations, string? marker)
    {
        while (marker is not null)
        {
            try
            {
                var page = await executions.ReadStateAsync(
                    Arn, invocation.CheckpointToken, marker, Random.Next(1, 6), CancellationToken.None);
                operations.AddRange(page.Items);
                marker = page.NextToken;
            }
            catch (ApiException)
            {
                throw new LostException();
            }
        }
    }

    private bool Happens(int percent) => Random.Next(100) < percent;

    private static InvocationFaulted Crashed(string why) =>
        new(new ErrorObject { ErrorType = "Runtime.ExitError", ErrorMessage = why });

    /// <summary>Somebody else goes on with the execution, or nobody does.</summary>
    private sealed class LostException : Exception;
}
