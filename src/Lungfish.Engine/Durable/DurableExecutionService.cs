using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Durable;

/// <summary>The durable operations of the API: asks the partitions what is in memory, the store for the rest.</summary>
/// <param name="services">Null: this engine has no functions, nothing can be started.</param>
internal sealed class DurableExecutionService(
    IStore store,
    DurableServices? services,
    DurableTokens tokens,
    PageTokens pages,
    PartitionMap partitions,
    CommitFeed feed,
    EngineOptions options,
    EngineClock clock,
    TimeProvider time) : IDurableExecutions
{
    private readonly DurableReads _reads = new(store, pages, feed);

    public async Task<StartedDurableExecution> StartAsync(
        NewDurableExecution start, CancellationToken cancellationToken)
    {
        var request = Begin(start, end: null);
        return await CheckStartedAsync(start, await AskAsync(request.ExecutionId, request), cancellationToken);
    }

    /// <summary>In one message: nobody is waiting for the start alone.</summary>
    public async Task<DurableDescription> RunAsync(NewDurableExecution start, CancellationToken cancellationToken)
    {
        var end = new EndOfStarted();
        var request = Begin(start, end);
        using var leaving = cancellationToken.UnsafeRegister(
            static (end, cancelled) => ((EndOfStarted?)end)?.Leave(cancelled), end);
        try
        {
            if (await AskAsync(request.ExecutionId, request, end.Answer) is { } ended)
            {
                return ended;
            }
        }
        catch (ApiException e) when (Refusals.IsPassing(e) && request.Answer.IsCompletedSuccessfully)
        {
            // It has begun, and then a commit failed: it goes on, and so does who waits for it.
        }

        var started = await CheckStartedAsync(start, await request.Answer, cancellationToken);
        return await WaitAsync(started.ExecutionArn, Timeout.InfiniteTimeSpan, cancellationToken);
    }

    public Task<CheckpointResult> CheckpointAsync(
        string executionArn,
        string checkpointToken,
        string? clientToken,
        ImmutableArray<OperationUpdate> updates,
        CancellationToken cancellationToken) =>
        CheckpointAsync(new(executionArn, checkpointToken, clientToken, updates), isOneOfMany: false);

    public IReadOnlyList<Task<CheckpointResult>> CheckpointTogether(
        IReadOnlyList<CheckpointCall> calls, CancellationToken cancellationToken) =>
        // Not decided on this thread: it would commit the first before it knows of the others.
        [.. calls.Select(call => CheckpointAsync(call, isOneOfMany: true))];

    public async Task<Page<Operation>> ReadStateAsync(
        string executionArn, string checkpointToken, string? marker, int countMax, CancellationToken cancellationToken)
    {
        var (execution, token) = tokens.OpenCheckpointToken(checkpointToken, DurableArn.ParseOwn(executionArn));
        var view = await AskAsync(execution, new ReadState(execution, token));
        return StatePages.Read(pages, execution, token.Invocation, view, marker, countMax);
    }

    public async Task<DurableDescription> DescribeAsync(string executionArn, CancellationToken cancellationToken)
    {
        var arn = DurableArn.Parse(executionArn);
        return await AskAsync(arn.Id, new DescribeDurable(arn))
            ?? await _reads.DescribeAsync(arn, cancellationToken);
    }

    public Task<Page<DurableSummary>> ListAsync(DurableQuery query, CancellationToken cancellationToken) =>
        _reads.ListAsync(query, cancellationToken);

    public Task<Page<HistoryEvent>> ReadHistoryAsync(
        string executionArn, int countMax, bool reverse, string? marker, CancellationToken cancellationToken) =>
        _reads.ReadHistoryAsync(DurableArn.Parse(executionArn), countMax, reverse, marker, cancellationToken);

    public IAsyncEnumerable<HistoryEvent> FollowHistoryAsync(
        string executionArn, long afterEventId, CancellationToken cancellationToken) =>
        _reads.FollowHistoryAsync(DurableArn.Parse(executionArn), afterEventId, cancellationToken);

    public async Task<IReadOnlyList<Operation>> ReadOperationsAsync(
        string executionArn, CancellationToken cancellationToken)
    {
        var arn = DurableArn.Parse(executionArn);
        var execution = await AskAsync(arn.Id, new ReadOperations(arn))
            ?? await _reads.FoldAsync(arn, cancellationToken);
        return [.. execution.Operations];
    }

    public async Task<DurableDescription> WaitAsync(
        string executionArn, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var arn = DurableArn.Parse(executionArn);
        var begun = time.GetTimestamp();
        var loads = false;
        while (true)
        {
            var wait = new AwaitDurable(arn, loads);
            try
            {
                var ended = await AskAsync(arn.Id, wait).WaitAsync(
                    LongWaits.Left(atMost, time.GetElapsedTime(begun)), time, cancellationToken);
                if (ended is not null)
                {
                    return ended;
                }
            }
            catch (TimeoutException)
            {
                wait.HasLeft = true;
                return await DescribeAsync(executionArn, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                wait.HasLeft = true;
                throw;
            }
            catch (ApiException e) when (Refusals.IsPassing(e) && !partitions.Of(arn.Id.Slot).IsClosing)
            {
                // A commit failed and the memory was dropped. The execution goes on, and so does who waits for it.
                await Task.Delay(LongWaits.RetryDelay, time, cancellationToken);
                continue;
            }

            // Not in memory: if the store has it as running, the partition loads it and tells when it ends.
            var header = await _reads.GetHeaderAsync(arn, cancellationToken);
            if (header.Status != ExecutionStatus.Running)
            {
                return await _reads.DescribeAsync(header, cancellationToken);
            }

            loads = true;
        }
    }

    public async Task<DateTimeOffset> StopAsync(
        string executionArn, ErrorObject? error, CancellationToken cancellationToken)
    {
        var arn = DurableArn.Parse(executionArn);
        return await AskAsync(arn.Id, new StopDurable(arn, error));
    }

    public async Task<DateTimeOffset> RedriveAsync(string executionArn, CancellationToken cancellationToken)
    {
        var arn = DurableArn.Parse(executionArn);
        return await AskAsync(arn.Id, new RedriveDurable(arn));
    }

    public Task SucceedCallbackAsync(string callbackId, string? payload, CancellationToken cancellationToken)
    {
        var (execution, sequence) = tokens.OpenCallbackId(callbackId);
        var message = new CallbackSucceeded(sequence, payload);
        return AskAsync(execution, new AnswerCallback(execution, message, payload?.Length ?? 0));
    }

    public Task FailCallbackAsync(string callbackId, ErrorObject error, CancellationToken cancellationToken)
    {
        var (execution, sequence) = tokens.OpenCallbackId(callbackId);
        var message = new CallbackFailed(sequence, error);
        return AskAsync(execution, new AnswerCallback(execution, message, error.ErrorData?.Length ?? 0));
    }

    public Task HeartbeatCallbackAsync(string callbackId, CancellationToken cancellationToken)
    {
        var (execution, sequence) = tokens.OpenCallbackId(callbackId);
        return AskAsync(execution, new AnswerCallback(execution, new CallbackHeartbeat(sequence), 0));
    }

    public async Task<IReadOnlyList<PendingDurableCallback>> ListCallbacksAsync(
        string? functionArn, string? executionArn, int countMax, CancellationToken cancellationToken)
    {
        var callbacks = await store.ListCallbacksAsync(
            new CallbackQuery
            {
                Durable = true,
                FunctionArn = functionArn,
                Execution = executionArn is null ? null : DurableArn.Parse(executionArn).Id,
                CountMax = countMax,
            },
            cancellationToken);
        return [.. callbacks.Select(callback => new PendingDurableCallback
        {
            CallbackId = tokens.MakeCallbackId(callback.Execution, (int)callback.TaskId),
            ExecutionArn = DurableArn.Of(callback.Key, callback.Execution.Uuid).Text,
            OperationId = callback.Resource,
            OperationName = callback.StateName == callback.Resource ? null : callback.StateName,
            Since = callback.Since,
            Deadline = callback.Deadline,
        })];
    }

    public async IAsyncEnumerable<DurableSummary> WatchStatusAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscriber = feed.Durable.Subscribe();
        await foreach (var summary in subscriber.Reader.ReadAllAsync(cancellationToken))
        {
            yield return summary;
        }
    }

    /// <param name="start">What is to be started.</param>
    /// <param name="end">Is told how a new execution ends. Null: nobody waits for that.</param>
    private StartDurable Begin(NewDurableExecution start, EndOfStarted? end)
    {
        if (services is null)
        {
            throw DurableErrors.FunctionNotFound(start.FunctionArn);
        }

        if (services.Dispatcher.PendingCount >= options.WaitingInvocationsMax)
        {
            throw DurableErrors.TooManyRequests();
        }

        // Version 7: the names of executions that start together stand together in the store's index of names.
        var name = start.Name ?? options.Surroundings.NewUuid(clock.Now).ToString();
        if (!DurableArn.IsName(name))
        {
            throw DurableErrors.InvalidName(name);
        }

        var id = start.Id ?? options.Surroundings.NewUuid(clock.Now);
        var arn = DurableArn.Of(new ExecutionKey(start.FunctionArn, name), id);
        var identity = new DurableIdentity
        {
            Arn = arn.Text,
            Name = name,
            Id = id.ToString(),
            FunctionArn = start.FunctionArn,
            Version = start.Version,
            ExecutionTimeoutSeconds = start.ExecutionTimeoutSeconds,
            RetentionDays = start.RetentionDays,
            ParentArn = start.ParentArn,
        };
        return new StartDurable(services, identity, arn, start.Name is not null, start.Input, end);
    }

    /// <summary>An execution that had the name before must have the same input.</summary>
    private async Task<StartedDurableExecution> CheckStartedAsync(
        NewDurableExecution start, StartOutcome outcome, CancellationToken cancellationToken)
    {
        if (!outcome.Started.IsNew)
        {
            var before = outcome.Ended is { } ended
                ? (await _reads.ReadStartAsync(ended, cancellationToken)).Payload
                : outcome.Input;
            if (!IsSameInput(start.Input, before))
            {
                throw DurableErrors.AlreadyStarted(outcome.Started.ExecutionArn);
            }
        }

        return outcome.Started;
    }

    private Task<T> AskAsync<T>(ExecutionId execution, Request<T> request) =>
        AskAsync(execution, request, request.Answer);

    private async Task<CheckpointResult> CheckpointAsync(CheckpointCall call, bool isOneOfMany)
    {
        var (execution, token) = tokens.OpenCheckpointToken(call.Token, DurableArn.ParseOwn(call.ExecutionArn));
        var checkpoint = new Checkpoint(execution, token, call.ClientToken, call.Updates);
        return await AskAsync(execution, checkpoint, checkpoint.Answer, isOneOfMany);
    }

    private async Task<T> AskAsync<T>(
        ExecutionId execution, PartitionMessage message, Task<T> answer, bool isOneOfMany = false)
    {
        try
        {
            partitions.Of(execution.Slot).Post(message, isOneOfMany);
            return await answer;
        }
        catch (ApiException e)
        {
            throw DurableErrors.Translate(e);
        }
    }

    /// <summary>Clients write the same value in different ways: what counts is what it says.</summary>
    private static bool IsSameInput(string? one, string? other)
    {
        if (one is null || other is null || one == other)
        {
            return one == other;
        }

        try
        {
            return JsonValue.Parse(one).Equals(JsonValue.Parse(other));
        }
        catch (JsonParseException)
        {
            return false;
        }
    }
}
