using System.Collections.Immutable;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.Engine.Tests.Support;

/// <summary>What becomes of a commit.</summary>
internal enum Fate
{
    Ok,
    LostBeforeCommit,
    CommittedButReplyLost,

    /// <summary>There is no room: nothing is written, and that is known.</summary>
    Full,
}

/// <summary>A store in memory that checks each batch, and whose commits meet the fates that a test asks for.</summary>
internal sealed class MemoryStore : IStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, PartitionLease> _leases = [];
    private readonly Dictionary<Guid, Row> _rows = [];
    private readonly Dictionary<Guid, StoredMapRun> _mapRuns = [];
    private readonly SortedDictionary<(string Kind, string Key), CatalogEntry> _catalog = new(
        Comparer<(string Kind, string Key)>.Create(static (a, b) =>
            string.CompareOrdinal(a.Kind, b.Kind) is var c && c != 0
            ? c
            : string.CompareOrdinal(a.Key, b.Key)));

    private readonly Queue<Fate> _fates = [];
    private TaskCompletionSource? _gate;
    private TaskCompletionSource<LaneBatch>? _arrival;
    private PartitionId? _lost;

    public int CommitCount { get; private set; }

    public StoreSpace Space { get; set; }

    public List<LaneBatch> Batches { get; } = [];

    /// <summary>Reads fail as long as this is true.</summary>
    public bool ReadsFail { get; set; }

    /// <summary>So many look-ups of names fail, and nothing else.</summary>
    public int LookupsToFail { get; set; }

    /// <summary>Reads of whole journals: what folding needs.</summary>
    public int FindExecutionCount { get; private set; }

    /// <summary>Reads of what sleeping state machines are due.</summary>
    public int WakeupsReadCount { get; private set; }

    public bool CompletesSynchronously { get; set; }

    /// <summary>Draws the fate of each commit, if it is not null.</summary>
    public Func<Fate>? Dice { get; set; }

    /// <summary>Look-ups of names that no execution has.</summary>
    public int MissCount { get; private set; }

    /// <summary>Reads of the names that a state machine's executions have.</summary>
    public int NamesListedCount { get; private set; }

    /// <summary>They wait for this when they have read, if it is not null.</summary>
    public TaskCompletionSource? NamesGate { get; set; }

    /// <summary>Look-ups of names wait until this is set, if it is not null.</summary>
    public TaskCompletionSource? LookupGate { get; set; }

    /// <summary>Lets commits wait until <see cref="ReleaseCommits"/>.</summary>
    /// <returns>The next batch, when it has arrived.</returns>
    public Task<LaneBatch> HoldCommits()
    {
        lock (_lock)
        {
            _gate ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _arrival = new TaskCompletionSource<LaneBatch>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _arrival.Task;
        }
    }

    public void ReleaseCommits()
    {
        TaskCompletionSource? gate;
        lock (_lock)
        {
            gate = _gate;
            _gate = null;
        }

        gate?.SetResult();
    }

    /// <summary>The next commits meet these fates, later ones are well.</summary>
    public void Expect(params Fate[] fates)
    {
        lock (_lock)
        {
            foreach (var fate in fates)
            {
                _fates.Enqueue(fate);
            }
        }
    }

    /// <summary>Another owner takes this partition: commits that have part in it are refused from now on.</summary>
    public void Lose(PartitionId partition)
    {
        lock (_lock)
        {
            _lost = partition;
        }
    }

    public Task<PartitionLease> AcquireAsync(
        PartitionId partition, SlotRange slots, Guid owner, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            FailIfAsked();
            var before = _leases.GetValueOrDefault(partition.Number);
            var lease = new PartitionLease(
                partition, slots, new Epoch((before?.Epoch.Value ?? 0) + 1), owner, before?.CommitSequence ?? 0);
            _leases[partition.Number] = lease;
            return Task.FromResult(lease);
        }
    }

    public async Task CommitAsync(LaneBatch batch, CancellationToken cancellationToken)
    {
        Task? gate;
        lock (_lock)
        {
            gate = _gate?.Task;
            _ = _arrival?.TrySetResult(batch);
        }

        if (gate is not null)
        {
            await gate;
        }
        else if (!CompletesSynchronously)
        {
            await Task.Yield();
        }

        lock (_lock)
        {
            if (_lost is { } lost && batch.Partitions.Any(partition => partition.Lease.Partition == lost))
            {
                throw new LeaseLostException(lost);
            }

            var fate = _fates.TryDequeue(out var next) ? next : Dice?.Invoke() ?? Fate.Ok;
            switch (fate)
            {
                case Fate.Full:
                    throw new StoreFullException("The disk is full.");
                case Fate.LostBeforeCommit:
                    throw new StoreUnavailableException("The disk went away before.");
                case Fate.CommittedButReplyLost:
                    Apply(batch);
                    throw new StoreUnavailableException("The disk went away after.");
                default:
                    Apply(batch);
                    break;
            }
        }
    }

    public Task<StoredExecution?> FindExecutionAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            FailIfAsked();
            FindExecutionCount++;
            return Task.FromResult(_rows.GetValueOrDefault(id.Uuid) is { } row
                ? new StoredExecution(row.Header(withOutput: true), [.. row.Journal])
                : null);
        }
    }

    public async Task<ExecutionHeader?> FindByNameAsync(ExecutionKey key, CancellationToken cancellationToken)
    {
        if (LookupGate is { } gate)
        {
            await gate.Task;
        }

        lock (_lock)
        {
            FailIfAsked();
            if (LookupsToFail > 0)
            {
                LookupsToFail--;
                throw new StoreUnavailableException("The disk is away for a moment.");
            }

            var found = _rows.Values.FirstOrDefault(row => row.Birth.Key == key)?.Header(withOutput: true);
            MissCount += found is null ? 1 : 0;
            return found;
        }
    }

    public async Task<IReadOnlyList<string>?> ListNamesAsync(
        string ownerArn, string? after, int countMax, CancellationToken cancellationToken)
    {
        List<string> names;
        lock (_lock)
        {
            FailIfAsked();
            NamesListedCount++;
            names =
            [
                .. _rows.Values.Select(row => row.Birth.Key).Where(key => key.OwnerArn == ownerArn)
                    .Select(key => key.Name).Where(name => string.CompareOrdinal(name, after) > 0)
                    .Order(StringComparer.Ordinal).Take(countMax),
            ];
        }

        if (NamesGate is { } gate)
        {
            await gate.Task;
        }

        return names;
    }

    public Task<IReadOnlyList<ExecutionId>> ReadActiveAsync(SlotRange slots, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<ExecutionId>>(() =>
            [.. In(slots).Where(row => row.Rest is Active).Select(row => row.Id)]);

    public Task<IReadOnlyList<Wakeup>> ReadWakeupsAsync(
        SlotRange slots,
        ExecutionKind kind,
        DateTimeOffset before,
        int countMax,
        CancellationToken cancellationToken) =>
        Read<IReadOnlyList<Wakeup>>(() =>
        {
            WakeupsReadCount += kind == ExecutionKind.StateMachine ? 1 : 0;
            return
            [
                .. from row in In(slots)
                   let at = (row.Rest as Parked)?.WakeAt
                   where at is not null && at < before && row.Birth.Key.Kind == kind
                   orderby at.Value.ToUnixTimeSeconds(), row.Id.Uuid
                   select new Wakeup(row.Id, at.Value),
            ];
        }).ContinueWith<IReadOnlyList<Wakeup>>(
            read => [.. read.Result.Take(countMax)],
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    public Task<IReadOnlyList<StoredSegment>> ReadJournalAsync(
        ExecutionId id, long firstEventId, long lastEventId, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<StoredSegment>>(() =>
            [.. (_rows.GetValueOrDefault(id.Uuid)?.Journal ?? []).Where(segment => segment.EventCount > 0
                && segment.FirstEventId <= lastEventId
                && segment.FirstEventId + segment.EventCount > firstEventId)]);

    public Task<IReadOnlyList<ExecutionHeader>> ListExecutionsAsync(
        ExecutionQuery query, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<ExecutionHeader>>(() =>
            [.. query.Durable is { } filter
                ? ListDurable(filter, query)
                : _rows.Values.Select(row => row.Header(withOutput: false))
                .Where(header => !header.Key.IsDurable)
                .Where(header => query.MapRun is { } run
                    ? header.Child?.MapRun == run
                    : query.StateMachineArn is not null || header.Child is null)
                .Where(header => query.StateMachineArn is null || header.Key.OwnerArn == query.StateMachineArn)
                .Where(header => query.Status is null || header.Status == query.Status)
                .OrderByDescending(header => header.StartedAt).ThenByDescending(header => header.Id.Uuid)
                .Where(header => query.After is not { } after || header.StartedAt < after.StartedAt
                    || (header.StartedAt == after.StartedAt && header.Id.Uuid.CompareTo(after.Uuid) < 0))
                .Take(query.CountMax)]);

    public Task<StoredMapRun?> FindMapRunAsync(Guid id, CancellationToken cancellationToken) =>
        Read(() => _mapRuns.GetValueOrDefault(id));

    public Task<IReadOnlyList<StoredMapRun>> ListMapRunsAsync(
        ExecutionId execution, ExecutionCursor? after, int countMax, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<StoredMapRun>>(() =>
            [.. _mapRuns.Values.Where(run => run.Execution == execution.Uuid)
                .OrderByDescending(run => run.StartedAt).ThenByDescending(run => run.Id)
                .Where(run => after is not { } cursor || run.StartedAt < cursor.StartedAt
                    || (run.StartedAt == cursor.StartedAt && run.Id.CompareTo(cursor.Uuid) < 0))
                .Take(countMax)]);

    public Task<IReadOnlyList<StoredMapRun>> ReadEndedMapRunsWithOpenChildrenAsync(
        CancellationToken cancellationToken) =>
        Read<IReadOnlyList<StoredMapRun>>(() =>
            [.. _mapRuns.Values.Where(run => run.StoppedAt is not null
                && _rows.Values.Any(row => row.Birth.Child?.MapRun == run.Id && row.Rest is not Closed))]);

    public Task<IReadOnlyList<StoredCallback>> ListCallbacksAsync(
        CallbackQuery query, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<StoredCallback>>(() =>
            [.. _rows.Values.SelectMany(row => row.Callbacks.Values)
                .Where(callback => query.Execution is { } id
                    ? callback.Execution == id
                    : callback.Key.IsDurable == query.Durable)
                .Where(callback => query.FunctionArn is null
                    || callback.Key.OwnerArn.StartsWith(query.FunctionArn + ":", StringComparison.Ordinal))
                .Where(callback => query.StateMachineArn is null
                    || callback.Key.OwnerArn == query.StateMachineArn)
                .Where(callback => query.ExecutionName is null || callback.Key.Name == query.ExecutionName)
                .OrderBy(callback => callback.Since).Take(query.CountMax)]);

    public Task<int> RemoveClosedAsync(
        DateTimeOffset closedBefore,
        DateTimeOffset now,
        int countMax,
        CancellationToken cancellationToken) => Read(() =>
    {
        var gone = _rows.Values
            .Where(row => row.Rest is Closed closed
                && (closed.RemoveAt is { } removeAt ? removeAt <= now : closed.StoppedAt < closedBefore))
            .Take(countMax).ToList();
        gone.ForEach(row => _rows.Remove(row.Id.Uuid));
        return gone.Count;
    });

    public Task<CatalogEntry?> FindCatalogAsync(string kind, string key, CancellationToken cancellationToken) =>
        Read(() => _catalog.GetValueOrDefault((kind, key)));

    public Task<IReadOnlyList<CatalogEntry>> ListCatalogAsync(
        string kind, string keyPrefix, string? afterKey, int countMax, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<CatalogEntry>>(() =>
            [.. _catalog.Values.Where(entry => entry.Kind == kind
                    && entry.Key.StartsWith(keyPrefix, StringComparison.Ordinal)
                    && (afterKey is null || string.CompareOrdinal(entry.Key, afterKey) > 0))
                .Take(countMax)]);

    public Task WriteCatalogAsync(IReadOnlyList<CatalogChange> changes, CancellationToken cancellationToken) =>
        Read(() =>
    {
        foreach (var change in changes)
        {
            var version = _catalog.GetValueOrDefault((change.Kind, change.Key))?.Version ?? 0;
            if (change.ExpectedVersion is { } expected && expected != version)
            {
                throw new CatalogConflictException(change.Kind, change.Key);
            }
        }

        foreach (var change in changes)
        {
            var version = _catalog.GetValueOrDefault((change.Kind, change.Key))?.Version ?? 0;
            if (change.Value is { } value)
            {
                _catalog[(change.Kind, change.Key)] = new CatalogEntry(change.Kind, change.Key, version + 1, value);
            }
            else
            {
                _ = _catalog.Remove((change.Kind, change.Key));
            }
        }

        return true;
    });

    /// <summary>All history events of an execution that are durable.</summary>
    public IReadOnlyList<HistoryEvent> EventsOf(string executionName)
    {
        lock (_lock)
        {
            return [.. _rows.Values.Single(row => row.Birth.Key.Name == executionName).Events()];
        }
    }

    public Resting? RestOf(string executionName)
    {
        lock (_lock)
        {
            return _rows.Values.SingleOrDefault(row => row.Birth.Key.Name == executionName)?.Rest;
        }
    }

    /// <summary>How many history events of an execution are durable.</summary>
    public int EventCountOf(string executionName)
    {
        lock (_lock)
        {
            return _rows.Values.SingleOrDefault(row => row.Birth.Key.Name == executionName)?.EventIds().Count() ?? 0;
        }
    }

    /// <summary>Damages the journal of an execution.</summary>
    public void Damage(string executionName)
    {
        lock (_lock)
        {
            var journal = _rows.Values.Single(row => row.Birth.Key.Name == executionName).Journal;
            var bytes = journal[0].Content.Segment.ToArray();
            bytes[bytes.Length / 2] ^= 1;
            journal[0] = journal[0] with { Content = journal[0].Content with { Segment = bytes } };
        }
    }

    public int CountRunning()
    {
        lock (_lock)
        {
            return _rows.Values.Count(row => row.Rest is not Closed);
        }
    }

    public int CountParked()
    {
        lock (_lock)
        {
            return _rows.Values.Count(row => row.Rest is Parked);
        }
    }

    public int ExecutionCount
    {
        get
        {
            lock (_lock)
            {
                return _rows.Count;
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IEnumerable<ExecutionHeader> ListDurable(DurableFilter filter, ExecutionQuery query)
    {
        var fitting = _rows.Values.Select(row => row.Header(withOutput: false))
            .Where(header => header.Key.IsDurable)
            .Where(header => filter.FunctionArn is null
                || header.Key.OwnerArn.StartsWith(filter.FunctionArn + ":", StringComparison.Ordinal))
            .Where(header => filter.Version is null || header.Revision == filter.Version)
            .Where(header => filter.Name is null || header.Key.Name == filter.Name)
            .Where(header => filter.Statuses.IsEmpty || filter.Statuses.Contains(header.Status))
            .Where(header => !(header.StartedAt <= filter.StartedAfter) && !(header.StartedAt >= filter.StartedBefore))
            .OrderBy(header => header.StartedAt).ThenBy(header => header.Id.Uuid);
        var ordered = filter.OldestFirst ? fitting : fitting.Reverse();
        return query.After is { } after
            ? ordered.SkipWhile(header => header.Id.Uuid != after.Uuid).Skip(1).Take(query.CountMax)
            : ordered.Take(query.CountMax);
    }

    private IEnumerable<Row> In(SlotRange slots) => _rows.Values
        .Where(row => row.Id.Slot.Number >= slots.First && row.Id.Slot.Number < slots.End);

    private Task<T> Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            FailIfAsked();
            return Task.FromResult(read());
        }
    }

    private void FailIfAsked()
    {
        if (ReadsFail)
        {
            throw new StoreUnavailableException("The disk is away.");
        }
    }

    /// <summary>Checks what every commit must keep to, then writes.</summary>
    private void Apply(LaneBatch batch)
    {
        foreach (var partition in batch.Partitions)
        {
            var lease = _leases[partition.Lease.Partition.Number];
            if (lease.Epoch != partition.Lease.Epoch || lease.CommitSequence != partition.Lease.CommitSequence)
            {
                throw new LeaseLostException(partition.Lease.Partition);
            }
        }

        foreach (var partition in batch.Partitions)
        {
            Check(partition.Executions.Length > 0, "A partition without changes takes part in a commit.");
            var lease = _leases[partition.Lease.Partition.Number];
            _leases[lease.Partition.Number] = lease with { CommitSequence = lease.CommitSequence + 1 };
            foreach (var delta in partition.Executions)
            {
                Check(
                    delta.Id.Slot.Number >= lease.Slots.First && delta.Id.Slot.Number < lease.Slots.End,
                    "An execution in a foreign partition.");
                Apply(delta);
            }
        }

        CommitCount++;
        Batches.Add(batch);
    }

    private void Apply(ExecutionDelta delta)
    {
        if (delta.Birth is { } birth)
        {
            Check(!_rows.Values.Any(row => row.Birth.Key == birth.Key), $"Two executions named {birth.Key.Name}.");
            Check(birth.Key.Slot == delta.Id.Slot, "The slot is not that of the key.");
            _rows.Add(delta.Id.Uuid, new Row(delta.Id, birth));
        }

        var row = _rows[delta.Id.Uuid];
        Check(row.Rest is not Closed || delta.Reopens, "A closed execution changes.");
        Check(row.Rest is Closed || !delta.Reopens, "An open execution is reopened.");
        if (delta.Journal is { } segment)
        {
            Check(segment.Sequence == row.Journal.Count, "A gap between the segments.");
            row.Journal.Add(new StoredSegment(
                segment.Sequence, segment.FirstEventId, segment.EventCount, segment.Content));
            var ids = row.EventIds().ToList();
            Check(ids.SequenceEqual(Enumerable.Range(1, ids.Count).Select(id => (long)id)), "Event ids with a gap.");
            Check(segment.FirstEventId + segment.EventCount - 1 == ids.Count, "FirstEventId or EventCount is wrong.");
        }

        row.Rest = delta.Resting ?? row.Rest;
        Check(row.Rest is not null, "Nobody knows how a new execution rests.");
        foreach (var callback in delta.CallbacksAdded)
        {
            row.Callbacks.Add(callback.TaskId, callback);
        }

        foreach (var run in delta.MapRuns)
        {
            Check(run.Execution == delta.Id.Uuid, "A map run of another execution.");
            _mapRuns[run.Id] = run;
        }

        foreach (var id in delta.CallbacksRemoved)
        {
            Check(row.Callbacks.Remove(id), "A callback is removed that is not there.");
        }

        Check(row.Rest is not Closed || row.Callbacks.Count == 0, "A closed execution waits for callbacks.");
    }

    private static void Check(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new InvalidOperationException(sentence);
        }
    }

    private sealed class Row(ExecutionId id, ExecutionBirth birth)
    {
        public ExecutionId Id { get; } = id;

        public ExecutionBirth Birth { get; } = birth;

        public List<StoredSegment> Journal { get; } = [];

        public Resting? Rest { get; set; }

        public Dictionary<long, StoredCallback> Callbacks { get; } = [];

        public ExecutionHeader Header(bool withOutput) => new()
        {
            Id = Id,
            Key = Birth.Key,
            Revision = Birth.Revision,
            StartedAt = Birth.StartedAt,
            Status = (Rest as Closed)?.Status ?? ExecutionStatus.Running,
            StoppedAt = (Rest as Closed)?.StoppedAt,
            Output = withOutput ? (Rest as Closed)?.Output : null,
            Error = (Rest as Closed)?.Error,
            Cause = (Rest as Closed)?.Cause,
            Child = Birth.Child,
        };

        public IEnumerable<long> EventIds() => Birth.Key.IsDurable
            ? DurableJournal.Events(Journal).Select(e => e.EventId)
            : Events().Select(e => e.Id);

        public IEnumerable<HistoryEvent> Events() => Journal
            .SelectMany(segment => FactCodec.Decode(
                segment.Content.Segment.Span,
                id => segment.Content.Blobs.Single(blob => blob.Id == id).Content))
            .OfType<HistoryEvent>();
    }
}
