using System.Globalization;
using System.Runtime.CompilerServices;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.Engine.StateMachines;

/// <summary>The execution operations of the API: asks the partitions what is in memory, the store for the
/// rest.</summary>
internal sealed class ExecutionService(
    IStore store,
    StateMachineCatalog catalog,
    StateMachineServices services,
    PartitionMap partitions,
    SetAsideExecutions setAside,
    CommitFeed feed,
    AwsAccount account,
    PageTokens pages,
    EngineSurroundings surroundings,
    TimeProvider time) : IExecutions
{
    private readonly HistoryPages<HistoryEvent> _histories = new(store, JournalReading.Events, e => e.Id);

    public async Task<StartedExecution> StartAsync(
        string stateMachineArn, string? name, JsonValue input, string inputText, CancellationToken cancellationToken)
    {
        var machine = catalog.FindKnown(stateMachineArn);
        if (machine is null)
        {
            _ = StatesArn.Parse(stateMachineArn, "stateMachine");
            machine = await catalog.GetAsync(stateMachineArn, cancellationToken);
        }

        // Version 7: the names of executions that start together stand together in the store's index of names.
        var executionName = name is null
            ? surroundings.NewUuid(time.GetUtcNow()).ToString()
            : ResourceName.Check(name);
        var pinned = await catalog.PinAsync(machine, cancellationToken);
        var identity = new ExecutionIdentity
        {
            ExecutionArn = account.ExecutionArn(machine.Name, executionName),
            ExecutionName = executionName,
            StateMachineArn = machine.Arn,
            StateMachineName = machine.Name,
            RoleArn = pinned.Revision.RoleArn,
        };
        var slot = Slot.Of(machine.Arn, executionName);
        var start = new StartExecution(services, pinned, identity, slot, name is not null, input, inputText);
        return await AskAsync(slot, start);
    }

    public async Task<ExecutionDescription> DescribeAsync(string executionArn, CancellationToken cancellationToken)
    {
        var key = StatesArn.ParseExecution(executionArn);
        if (await AskAsync(key.Slot, new DescribeExecution(key)) is { } inMemory)
        {
            return inMemory;
        }

        var header = await GetHeaderAsync(executionArn, cancellationToken);
        return setAside.Find(header.Id.Uuid) is { Reason: var reason }
            ? await DescribeSetAsideAsync(header, reason, cancellationToken)
            : await DescribeStoredAsync(header, cancellationToken);
    }

    /// <summary>It is open and does not go on: AWS has no word for it, so the error names it.</summary>
    private async Task<ExecutionDescription> DescribeSetAsideAsync(
        ExecutionHeader header, string reason, CancellationToken cancellationToken)
    {
        var stored = await DescribeStoredAsync(header, cancellationToken);
        return stored with { Error = StepFunctionsErrors.SetAside, Cause = reason };
    }

    public async Task<StateMachineDescription> DescribeStateMachineAsync(
        string executionArn, CancellationToken cancellationToken)
    {
        var header = await GetHeaderAsync(executionArn, cancellationToken);
        var arn = header.Key.OwnerArn;
        var machineArn = MapRunNames.MachineArn(arn);
        var (revision, definition) = await catalog.GetRevisionAsync(machineArn, header.Revision, cancellationToken);
        var machine = await catalog.FindAsync(machineArn, cancellationToken);
        return new StateMachineDescription
        {
            Arn = arn,
            Name = StatesArn.Parse(arn, "stateMachine").Name,
            Status = machine is { IsDeleting: false } ? "ACTIVE" : "DELETING",
            Definition = revision.Definition,
            RoleArn = revision.RoleArn,
            Type = "STANDARD",
            CreatedAt = machine?.CreatedAt ?? revision.UpdatedAt,
            UpdatedAt = revision.UpdatedAt,
            RevisionId = revision.ShownId,
            LoggingConfiguration = revision.LoggingConfiguration,
            TracingConfiguration = revision.TracingConfiguration,
            VariableReferences = definition.VariableReferences(),
            MapRunArn = ExecutionArns.MapRunOf(header.Key, header.Child),
            Label = MapRunNames.LabelIn(arn),
        };
    }

    public async Task<Page<ExecutionSummary>> ListAsync(
        string stateMachineArn,
        ExecutionStatus? status,
        int countMax,
        string? nextToken,
        CancellationToken cancellationToken)
    {
        _ = StatesArn.Parse(stateMachineArn, "stateMachine");
        _ = await catalog.GetAsync(stateMachineArn, cancellationToken);
        var query = $"ListExecutions {stateMachineArn} {status}";
        var headers = await store.ListExecutionsAsync(
            new ExecutionQuery
            {
                StateMachineArn = stateMachineArn,
                Status = status,
                After = nextToken is null ? null : ListCursors.Read(pages.Open(query, nextToken)),
                CountMax = countMax + 1,
            },
            cancellationToken);
        var next = headers.Count > countMax ? pages.Make(query, ListCursors.Write(headers[countMax - 1])) : null;
        return new Page<ExecutionSummary>([.. headers.Take(countMax).Select(Summarize)], next);
    }

    public async Task<DateTimeOffset> StopAsync(
        string executionArn, string? error, string? cause, CancellationToken cancellationToken)
    {
        var key = StatesArn.ParseExecution(executionArn);
        return await AskAsync(key.Slot, new StopExecution(key, executionArn, error, cause));
    }

    public async Task<Page<HistoryEvent>> ReadHistoryAsync(
        string executionArn, int countMax, bool reverse, string? nextToken, CancellationToken cancellationToken)
    {
        var header = await GetHeaderAsync(executionArn, cancellationToken);
        var query = $"GetExecutionHistory {header.Id.Uuid} {reverse}";
        var from = nextToken is null
            ? (long?)null
            : long.Parse(pages.Open(query, nextToken), CultureInfo.InvariantCulture);
        var (events, next) = await JournalReads.OfAsync(
            executionArn, () => _histories.ReadAsync(header.Id, from, countMax, reverse, cancellationToken));
        return new Page<HistoryEvent>(
            events, next is { } id ? pages.Make(query, id.ToString(CultureInfo.InvariantCulture)) : null);
    }

    public async IAsyncEnumerable<HistoryEvent> FollowHistoryAsync(
        string executionArn, long afterEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int PageSize = 1_000;
        var id = (await GetHeaderAsync(executionArn, cancellationToken)).Id;
        using var follower = feed.Progress.Follow(id);
        var last = afterEventId;
        while (true)
        {
            // Asked before the reading: all that a closed execution will ever have is then read below.
            var header = await GetHeaderAsync(executionArn, cancellationToken);
            IReadOnlyList<HistoryEvent> events;
            do
            {
                events = await JournalReads.OfAsync(
                    executionArn,
                    () => _histories.ReadRangeAsync(id, last + 1, last + PageSize, cancellationToken));
                foreach (var historyEvent in events)
                {
                    last = historyEvent.Id;
                    yield return historyEvent;
                }
            }
            while (events.Count > 0);

            if (header.Status != ExecutionStatus.Running)
            {
                yield break;
            }

            await follower.WaitAsync(cancellationToken);
        }
    }

    public async Task<ExecutionDescription> WaitAsync(
        string executionArn, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var key = StatesArn.ParseExecution(executionArn);
        var begun = time.GetTimestamp();
        ExecutionId? id = null;
        while (true)
        {
            var wait = new AwaitExecution(key, id);
            try
            {
                var ended = await AskAsync(key.Slot, wait).WaitAsync(
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
            catch (ApiException e) when (Refusals.IsPassing(e) && !partitions.Of(key.Slot).IsClosing)
            {
                // A commit failed and the memory was dropped. The execution goes on, and so does who waits for it.
                await Task.Delay(LongWaits.RetryDelay, time, cancellationToken);
                continue;
            }

            // Not in memory: if the store has it as running, the partition loads it and tells when it ends.
            var header = await GetHeaderAsync(executionArn, cancellationToken);
            if (header.Status != ExecutionStatus.Running)
            {
                return await DescribeStoredAsync(header, cancellationToken);
            }

            id = header.Id;
        }
    }

    public async IAsyncEnumerable<ExecutionSummary> WatchClosedAsync(
        string? stateMachineArn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscriber = feed.Closed.Subscribe(
            summary => stateMachineArn is null || summary.StateMachineArn == stateMachineArn);
        await foreach (var summary in subscriber.Reader.ReadAllAsync(cancellationToken))
        {
            yield return summary;
        }
    }

    public void CheckTaskToken(string taskToken) => _ = services.Tokens.Open(taskToken);

    public Task SucceedTaskAsync(string taskToken, JsonValue output, CancellationToken cancellationToken)
    {
        var task = services.Tokens.Open(taskToken);
        return AnswerAsync(task, new TaskSucceeded(task.TaskId, output), output.Utf8Length);
    }

    public Task FailTaskAsync(string taskToken, string? error, string? cause, CancellationToken cancellationToken)
    {
        var task = services.Tokens.Open(taskToken);
        var length = (error?.Length ?? 0) + (cause?.Length ?? 0);
        return AnswerAsync(task, new TaskFailed(task.TaskId, error, cause), 2 * length);
    }

    public Task HeartbeatTaskAsync(string taskToken, CancellationToken cancellationToken)
    {
        var task = services.Tokens.Open(taskToken);
        return AnswerAsync(task, new TaskHeartbeat(task.TaskId), 0);
    }

    public async Task<IReadOnlyList<PendingCallback>> ListCallbacksAsync(
        string? stateMachineArn, string? executionName, int countMax, CancellationToken cancellationToken)
    {
        var callbacks = await store.ListCallbacksAsync(
            new CallbackQuery
            {
                StateMachineArn = stateMachineArn,
                ExecutionName = executionName,
                CountMax = countMax,
            },
            cancellationToken);
        return [.. callbacks.Select(callback => new PendingCallback
        {
            TaskToken = services.Tokens.Make(new TaskAddress(callback.Execution, callback.TaskId)),
            ExecutionArn = ExecutionArns.Of(callback.Key),
            StateMachineArn = callback.Key.OwnerArn,
            StateName = callback.StateName,
            Kind = callback.Kind,
            Resource = callback.Resource,
            Since = callback.Since,
            Deadline = callback.Deadline,
        })];
    }

    private Task AnswerAsync(TaskAddress task, Message message, long bytes) =>
        AskAsync(task.Execution.Slot, new AnswerTask(task, message, bytes));

    /// <remarks>Awaits the answer itself: a wait with a time-out on the answer would go on wherever that is given.
    /// </remarks>
    private async Task<T> AskAsync<T>(Slot slot, Request<T> request)
    {
        partitions.Of(slot).Post(request);
        return await request.Answer;
    }

    private async Task<ExecutionHeader> GetHeaderAsync(string executionArn, CancellationToken cancellationToken)
    {
        var key = StatesArn.ParseExecution(executionArn);
        return await store.FindByNameAsync(key, cancellationToken)
            ?? throw StepFunctionsErrors.ExecutionDoesNotExist(executionArn);
    }

    /// <summary>From the header and the first segment, where the input stands; nothing is folded.</summary>
    private Task<ExecutionDescription> DescribeStoredAsync(
        ExecutionHeader header, CancellationToken cancellationToken) => JournalReads.OfAsync(
            ExecutionArns.Of(header.Key),
            async () => new ExecutionDescription
            {
                Summary = Summarize(header),
                Input = JournalReading.InputOf(await store.ReadJournalAsync(header.Id, 1, 1, cancellationToken)),
                Output = header.Output is { } output ? System.Text.Encoding.UTF8.GetString(output.Span) : null,
                Error = header.Error,
                Cause = header.Cause,
            });

    public static ExecutionSummary Summarize(ExecutionHeader header) => new()
    {
        ExecutionArn = ExecutionArns.Of(header.Key),
        StateMachineArn = header.Key.OwnerArn,
        Name = header.Key.Name,
        Status = header.Status,
        StartDate = header.StartedAt,
        StopDate = header.StoppedAt,
        MapRunArn = ExecutionArns.MapRunOf(header.Key, header.Child),
        ItemCount = header.Child?.ItemCount,
    };
}
