using System.Collections.Immutable;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Simulation.Storing;

/// <summary>What is durable: rows of executions with their encoded journals, leases, the catalog. Only whole commits
/// change it.</summary>
internal sealed class SimDisk
{
    private readonly Dictionary<Guid, SimRow> _rows = [];
    private readonly Dictionary<ExecutionKey, SimRow> _byName = [];
    private readonly Dictionary<int, PartitionLease> _leases = [];
    private readonly Dictionary<Guid, StoredMapRun> _mapRuns = [];
    private readonly SortedDictionary<(string Kind, string Key), CatalogEntry> _catalog =
        new(Comparer<(string Kind, string Key)>.Create(static (a, b) =>
            string.CompareOrdinal(a.Kind, b.Kind) is var order && order != 0
            ? order
            : string.CompareOrdinal(a.Key, b.Key)));

    /// <summary>In the order of their births.</summary>
    public IEnumerable<SimRow> Rows => _rows.Values;

    public IEnumerable<StoredMapRun> MapRuns => _mapRuns.Values;

    public PartitionLease? LeaseOf(PartitionId partition) => _leases.GetValueOrDefault(partition.Number);

    public SimRow? Find(Guid uuid) => _rows.GetValueOrDefault(uuid);

    public SimRow? Find(ExecutionKey key) => _byName.GetValueOrDefault(key);

    public PartitionLease Acquire(PartitionId partition, SlotRange slots, Guid owner)
    {
        var before = LeaseOf(partition);
        var lease = new PartitionLease(
            partition, slots, new Epoch((before?.Epoch.Value ?? 0) + 1), owner, before?.CommitSequence ?? 0);
        _leases[partition.Number] = lease;
        return lease;
    }

    /// <summary>Writes all of it, or nothing.</summary>
    /// <exception cref="LeaseLostException">The partition has a newer owner, or another last commit.</exception>
    public void Apply(LaneBatch batch)
    {
        foreach (var partition in batch.Partitions)
        {
            if (LeaseOf(partition.Lease.Partition) is not { } lease || lease.Epoch != partition.Lease.Epoch
                || lease.CommitSequence != partition.Lease.CommitSequence)
            {
                throw new LeaseLostException(partition.Lease.Partition);
            }
        }

        foreach (var partition in batch.Partitions)
        {
            var number = partition.Lease.Partition.Number;
            _leases[number] = _leases[number] with { CommitSequence = _leases[number].CommitSequence + 1 };
            foreach (var delta in partition.Executions)
            {
                Apply(delta);
            }
        }
    }

    public IEnumerable<SimRow> In(SlotRange slots) => Rows
        .Where(row => row.Id.Slot.Number >= slots.First && row.Id.Slot.Number < slots.End);

    public IReadOnlyList<ExecutionHeader> List(ExecutionQuery query)
    {
        var fitting = Rows.Select(row => row.Header(withOutput: false)).Where(header => Fits(header, query));
        var newestFirst = query.Durable is not { OldestFirst: true };
        var ordered = newestFirst
            ? fitting.OrderByDescending(header => header.StartedAt).ThenByDescending(header => header.Id.Uuid)
            : fitting.OrderBy(header => header.StartedAt).ThenBy(header => header.Id.Uuid);
        return
        [
            .. ordered.Where(header => query.After is not { } after
                || (Compare(header, after) is var order && (newestFirst ? order < 0 : order > 0)))
                .Take(query.CountMax),
        ];
    }

    public StoredMapRun? FindMapRun(Guid id) => _mapRuns.GetValueOrDefault(id);

    public IReadOnlyList<StoredCallback> List(CallbackQuery query) =>
    [
        .. Rows.SelectMany(row => row.Callbacks.Values)
            .Where(callback => query.Execution is { } id
                ? callback.Execution == id
                : callback.Key.IsDurable == query.Durable)
            .Where(callback => query.FunctionArn is null
                || callback.Key.OwnerArn.StartsWith(query.FunctionArn + ":", StringComparison.Ordinal))
            .Where(callback => query.StateMachineArn is null || callback.Key.OwnerArn == query.StateMachineArn)
            .Where(callback => query.ExecutionName is null || callback.Key.Name == query.ExecutionName)
            .OrderBy(callback => callback.Since).Take(query.CountMax),
    ];

    public int RemoveClosed(DateTimeOffset closedBefore, DateTimeOffset now, int countMax)
    {
        var gone = Rows
            .Where(row => row.Rest is Closed closed
                && (closed.RemoveAt is { } removeAt ? removeAt <= now : closed.StoppedAt < closedBefore))
            .Take(countMax).ToList();
        foreach (var row in gone)
        {
            _ = _rows.Remove(row.Id.Uuid);
            _ = _byName.Remove(row.Key);
        }

        return gone.Count;
    }

    public CatalogEntry? FindCatalog(string kind, string key) => _catalog.GetValueOrDefault((kind, key));

    public IReadOnlyList<CatalogEntry> ListCatalog(string kind, string keyPrefix, string? afterKey, int countMax) =>
    [
        .. _catalog.Values.Where(entry => entry.Kind == kind
                && entry.Key.StartsWith(keyPrefix, StringComparison.Ordinal)
                && (afterKey is null || string.CompareOrdinal(entry.Key, afterKey) > 0))
            .Take(countMax),
    ];

    public void WriteCatalog(IReadOnlyList<CatalogChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.ExpectedVersion is { } expected
                && expected != (FindCatalog(change.Kind, change.Key)?.Version ?? 0))
            {
                throw new CatalogConflictException(change.Kind, change.Key);
            }
        }

        foreach (var change in changes)
        {
            var version = FindCatalog(change.Kind, change.Key)?.Version ?? 0;
            if (change.Value is { } value)
            {
                _catalog[(change.Kind, change.Key)] = new CatalogEntry(change.Kind, change.Key, version + 1, value);
            }
            else
            {
                _ = _catalog.Remove((change.Kind, change.Key));
            }
        }
    }

    private static int Compare(ExecutionHeader header, ExecutionCursor cursor) =>
        header.StartedAt.CompareTo(cursor.StartedAt) is var order && order != 0
            ? order
            : header.Id.Uuid.CompareTo(cursor.Uuid);

    private static bool Fits(ExecutionHeader header, ExecutionQuery query)
    {
        if (query.Durable is { } filter)
        {
            return header.Key.IsDurable
                && (filter.FunctionArn is null
                    || header.Key.OwnerArn.StartsWith(filter.FunctionArn + ":", StringComparison.Ordinal))
                && (filter.Version is null || header.Revision == filter.Version)
                && (filter.Name is null || header.Key.Name == filter.Name)
                && (filter.Statuses.IsEmpty || filter.Statuses.Contains(header.Status))
                && !(header.StartedAt <= filter.StartedAfter) && !(header.StartedAt >= filter.StartedBefore);
        }

        return !header.Key.IsDurable
            && (query.MapRun is { } run
                ? header.Child?.MapRun == run
                : query.StateMachineArn is not null || header.Child is null)
            && (query.StateMachineArn is null || header.Key.OwnerArn == query.StateMachineArn)
            && (query.Status is null || header.Status == query.Status);
    }

    private void Apply(ExecutionDelta delta)
    {
        if (delta.Birth is { } birth && !_rows.ContainsKey(delta.Id.Uuid))
        {
            var born = new SimRow(delta.Id, birth);
            _rows.Add(delta.Id.Uuid, born);
            _byName[birth.Key] = born;
        }

        if (!_rows.TryGetValue(delta.Id.Uuid, out var row))
        {
            return; // A change of what was never born: the checks say so.
        }

        if (delta.Journal is { } segment)
        {
            row.Journal.Add(
                new StoredSegment(segment.Sequence, segment.FirstEventId, segment.EventCount, segment.Content));
        }

        row.Rest = delta.Resting ?? row.Rest;
        foreach (var callback in delta.CallbacksAdded)
        {
            row.Callbacks[callback.TaskId] = callback;
        }

        foreach (var id in delta.CallbacksRemoved)
        {
            _ = row.Callbacks.Remove(id);
        }

        foreach (var run in delta.MapRuns)
        {
            _mapRuns[run.Id] = run;
        }
    }
}

/// <summary>One execution as it is stored.</summary>
internal sealed class SimRow(ExecutionId id, ExecutionBirth birth)
{
    public ExecutionId Id => id;

    public ExecutionKey Key => birth.Key;

    public MapRunChild? Child => birth.Child;

    public List<StoredSegment> Journal { get; } = [];

    public Resting? Rest { get; set; }

    public SortedDictionary<long, StoredCallback> Callbacks { get; } = [];

    /// <summary>A bit of its journal has flipped.</summary>
    public bool IsDamaged { get; private set; }

    public StoredExecution Read() => new(Header(withOutput: true), [.. Journal]);

    public ExecutionHeader Header(bool withOutput)
    {
        var closed = Rest as Closed;
        return new ExecutionHeader
        {
            Id = id,
            Key = Key,
            Revision = birth.Revision,
            StartedAt = birth.StartedAt,
            Status = closed?.Status ?? ExecutionStatus.Running,
            StoppedAt = closed?.StoppedAt,
            Output = withOutput ? closed?.Output : null,
            Error = closed?.Error,
            Cause = closed?.Cause,
            Child = birth.Child,
        };
    }

    public void Damage(Random random)
    {
        var place = random.Next(Journal.Count);
        var bytes = Journal[place].Content.Segment.ToArray();
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        Journal[place] = Journal[place] with { Content = Journal[place].Content with { Segment = bytes } };
        IsDamaged = true;
    }
}
