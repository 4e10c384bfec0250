using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Timing;

namespace Lungfish.Engine.Partitions;

/// <summary>When to wake which execution of a partition. Each kind has its own schedule: however many durable
/// executions are due and wait for their invocations, the timers of state machines are on time.</summary>
internal sealed class WakeSchedules(Partition partition, PartitionServices services)
{
    private const long StarvedMs = 500;

    private readonly WakeSchedule _stateMachines = new(
        partition, services, ExecutionKind.StateMachine, static () => true);

    private readonly WakeSchedule _durable = new(
        partition, services, ExecutionKind.Durable, () => !services.IsCrowded());

    /// <summary>When the partition must run again for its timers' sake.</summary>
    public long NextDueMs
    {
        get
        {
            var due = Math.Min(_stateMachines.NextDueMs, _durable.NextDueMs);
            return due == WakeIndex.Never || !partition.IsStarved ? due : Math.Max(due, partition.NowMs + StarvedMs);
        }
    }

    /// <param name="active">Executions of any kind that had something in flight.</param>
    public void Begin(IReadOnlyList<ExecutionId> active)
    {
        _stateMachines.Begin(active);
        _durable.Begin([]);
    }

    public void Clear()
    {
        _stateMachines.Clear();
        _durable.Clear();
    }

    public void Arm(Resident resident) => Of(resident).Arm(resident);

    public void Forget(Guid uuid)
    {
        _stateMachines.Forget(uuid);
        _durable.Forget(uuid);
    }

    /// <summary>Of whatever kind it is.</summary>
    public void WakeLater(ExecutionId id) => _stateMachines.WakeLater(id);

    public void LetGo(Resident resident) => Of(resident).LetGo(resident);

    public void Run()
    {
        if (partition.IsStarved)
        {
            return; // What a timer leads to could not become durable, and would wait in memory.
        }

        _stateMachines.Run();
        _durable.Run();
    }

    private WakeSchedule Of(Resident resident) => resident.Kind == ExecutionKind.Durable ? _durable : _stateMachines;
}
