using Lungfish.Engine.Checking;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Simulation.Storing;
using Lungfish.States.Deciding;
using Lungfish.States.Quotas;

namespace Lungfish.Simulation.Checking;

/// <summary>Follows what is committed, fact by fact, and says when it breaks an invariant.</summary>
/// <param name="now">By the clock that the server must go by.</param>
/// <param name="quotas">Those that the server must keep.</param>
internal sealed class Book(
    SimDisk disk, Func<DateTimeOffset> now, QuotaPolicy quotas, Action<string, string> violate)
{
    private readonly StoredDefinitions _definitions = new(disk.FindCatalog);
    private readonly ExecutionCheck _check = new(disk.FindCatalog);
    private readonly Dictionary<Guid, Story> _stories = [];

    public long Events { get; private set; }

    public MachineStory? FindMachine(Guid uuid) => _stories.GetValueOrDefault(uuid) as MachineStory;

    public DurableStory? FindDurable(Guid uuid) => _stories.GetValueOrDefault(uuid) as DurableStory;

    public MachineStory? FindMachine(ExecutionKey key) =>
        disk.Find(key) is { } row ? FindMachine(row.Id.Uuid) : null;

    /// <summary>A batch that the store took: what every commit must keep to.</summary>
    public void Commit(LaneBatch batch)
    {
        foreach (var partition in batch.Partitions)
        {
            var slots = partition.Lease.Slots;
            foreach (var delta in partition.Executions)
            {
                if (delta.Id.Slot.Number < slots.First || delta.Id.Slot.Number >= slots.End)
                {
                    violate("I19", $"Execution {delta.Id} is written by partition {partition.Lease.Partition}.");
                }

                Commit(delta);
            }
        }
    }

    /// <summary>All that is stored of an execution against its journal.</summary>
    public void CheckRows(SimRow row)
    {
        if (row.IsDamaged || row.Rest is not { } rest)
        {
            return;
        }

        var findings = _check.Check(new ExecutionRows
        {
            Header = row.Header(withOutput: true),
            Rest = rest,
            Journal = row.Journal,
            Callbacks =
            [
                .. row.Callbacks.Values.Select(callback =>
                    new CallbackRow(callback.TaskId, callback.Kind, callback.StateName)),
            ],
            MapRuns =
            [
                .. disk.MapRuns.Where(run => run.Execution == row.Id.Uuid).Select(run =>
                    new MapRunRow(run, disk.Rows.LongCount(child => child.Child?.MapRun == run.Id))),
            ],
        });
        foreach (var finding in findings)
        {
            violate(InvariantOf(finding.Kind.Code), $"{finding.Kind.Code}: {finding.Subject}: {finding.Problem}");
        }
    }

    private void Commit(ExecutionDelta delta)
    {
        var id = delta.Id.Uuid;
        if (delta.Birth is { } birth && !_stories.ContainsKey(id))
        {
            if (_stories.Values.FirstOrDefault(story => story.Key == birth.Key) is { } other)
            {
                violate("I10", $"{birth.Key} was started twice, as {other.Id} and as {id}.");
            }

            _stories[id] = Begin(id, birth);
        }
        else if (delta.Birth is not null)
        {
            violate("I2", $"Execution {id} was born twice.");
        }

        if (!_stories.TryGetValue(id, out var found))
        {
            violate("I2", $"Execution {id} changes and was never born.");
            return;
        }

        if (found.IsClosed && !delta.Reopens && (delta.Journal is not null || delta.Resting is not null))
        {
            violate("I11", $"{found} has ended, and changes.");
        }

        if (delta.Journal is not { } segment)
        {
            return;
        }

        if (segment.Sequence != found.Segments)
        {
            violate("I2", $"Segment {segment.Sequence} of {found} stands in the place of {found.Segments}.");
        }

        Events += segment.EventCount;
        found.Segments++;
        found.Add(
            new StoredSegment(segment.Sequence, segment.FirstEventId, segment.EventCount, segment.Content), now());
    }

    private Story Begin(Guid id, ExecutionBirth birth)
    {
        if (birth.Key.IsDurable)
        {
            return new DurableStory(id, birth.Key, violate);
        }

        var definition = _definitions.Find(birth.Key.OwnerArn, birth.Revision).Definition
            ?? throw new InvalidOperationException($"There is no definition of {birth.Key}.");
        return new MachineStory(id, birth.Key, Execution.Blank(definition), quotas, violate);
    }

    /// <summary>Which invariant a finding of fsck breaks.</summary>
    private static string InvariantOf(string code) => code switch
    {
        "segment-gap" or "event-ids" or "event-chain" or "journal-missing" or "segment-damaged" => "I2",
        "fold-failed" => "I3",
        "event-after-end" or "row-status" or "row-result" => "I11",
        "row-slot" => "I19",
        "stuck" or "row-rest" => "I22",
        _ => "I21",
    };
}

/// <summary>What is known of one execution by its committed facts.</summary>
internal abstract class Story(Guid id, ExecutionKey key)
{
    public Guid Id => id;

    public ExecutionKey Key => key;

    public int Segments { get; set; }

    public abstract bool IsClosed { get; }

    public abstract void Add(StoredSegment segment, DateTimeOffset now);

    public override string ToString() => $"{Key.OwnerArn.Split(':')[^1]}/{Key.Name} ({id})";
}
