using System.Diagnostics;
using Lungfish.Engine.Faults;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>What a commit changes of executions.</summary>
internal sealed class ExecutionWrites(Connection connection, MachineNumbers machines)
{
    private readonly JournalWrites _journal = new(connection);
    private readonly CallbackWrites _callbacks = new(connection, machines);
    private readonly MapRunWrites _mapRuns = new(connection);

    public void Write(ExecutionDelta delta)
    {
        if (delta.Birth is { } birth)
        {
            // Many are born and close, or go to sleep, in one commit: one row is written once.
            Insert(delta.Id, birth, delta.Resting ?? new Active());
            CrashPoints.Pass(CrashPoint.InTransaction);
        }
        else if (delta.Resting is { } resting)
        {
            Update(delta.Id, resting, delta.Reopens);
        }

        if (delta.Journal is { } segment)
        {
            _journal.Append(delta.Id, segment, isBorn: delta.Birth is not null);
        }

        foreach (var callback in delta.CallbacksAdded)
        {
            _callbacks.Add(callback);
            CrashPoints.Pass(CrashPoint.InCallbackWrite);
        }

        foreach (var run in delta.MapRuns)
        {
            _mapRuns.Put(run);
            CrashPoints.Pass(CrashPoint.InMapRunWrite);
        }

        RemoveCallbacks(delta);
    }

    private void RemoveCallbacks(ExecutionDelta delta)
    {
        if (delta.Resting is not Closed)
        {
            foreach (var task in delta.CallbacksRemoved)
            {
                _callbacks.Remove(delta.Id, task);
            }
        }
        else if (delta.Birth is null || delta.CallbacksAdded.Length > 0)
        {
            _callbacks.RemoveAll(delta.Id);
        }
    }

    private readonly Statement _insert = connection.Prepare(
        """
        INSERT INTO lf_execution
            (id, slot, machine, name, revision, started_at, state, wake_at, stopped_at, output, error, cause,
             map_run, item_count, remove_at, kind)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        """);

    private void Insert(ExecutionId id, ExecutionBirth birth, Resting resting)
    {
        Debug.Assert(id.Slot == birth.Key.Slot, "An execution lives in the slot of its key.");
        var closed = resting as Closed;
        _insert.Bind(1, id.Uuid).Bind(2, id.Slot.Number).Bind(3, machines.Of(birth.Key.OwnerArn))
            .Bind(4, birth.Key.Name).Bind(5, birth.Revision).Bind(6, birth.StartedAt).Bind(7, StateOf(resting))
            .Bind(8, (resting as Parked)?.WakeAt).Bind(9, closed?.StoppedAt).Bind(10, closed?.Output)
            .Bind(11, closed?.Error).Bind(12, closed?.Cause)
            .Bind(13, birth.Child?.MapRun).Bind(14, birth.Child?.ItemCount).Bind(15, closed?.RemoveAt)
            .Bind(16, (int)birth.Key.Kind)
            .Run();
    }

    private void Update(ExecutionId id, Resting resting, bool reopens)
    {
        if (reopens && _reopen.Bind(1, id.Uuid).Run() == 0)
        {
            throw new InvalidOperationException($"Execution {id.Uuid} is not there, or has not closed.");
        }

        var changed = resting switch
        {
            Active => Activate(id),
            Parked parked => Park(id, parked),
            Closed closed => Close(id, closed),
            _ => throw new UnreachableException($"No execution rests as {resting.GetType().Name}."),
        };
        if (changed == 0 && !(resting is Active && IsOpen(id)))
        {
            throw new InvalidOperationException($"Execution {id.Uuid} is not there, or has closed before.");
        }
    }

    private readonly Statement _reopen = connection.Prepare(
        """
        UPDATE lf_execution
        SET state = 0, stopped_at = NULL, output = NULL, error = NULL, cause = NULL, remove_at = NULL
        WHERE id = ?1 AND state >= 2
        """);

    private readonly Statement _activate = connection.Prepare(
        "UPDATE lf_execution SET state = 0, wake_at = NULL WHERE id = ?1 AND state = 1");

    /// <summary>Changes nothing if it is active: then its index entries need not be written again.</summary>
    private int Activate(ExecutionId id) => _activate.Bind(1, id.Uuid).Run();

    private readonly Statement _park = connection.Prepare(
        "UPDATE lf_execution SET state = 1, wake_at = ?2 WHERE id = ?1 AND state <= 1");

    private int Park(ExecutionId id, Parked parked) => _park.Bind(1, id.Uuid).Bind(2, parked.WakeAt).Run();

    private readonly Statement _close = connection.Prepare(
        """
        UPDATE lf_execution
        SET state = ?2, wake_at = NULL, stopped_at = ?3, output = ?4, error = ?5, cause = ?6, remove_at = ?7
        WHERE id = ?1 AND state <= 1
        """);

    private int Close(ExecutionId id, Closed closed) =>
        _close.Bind(1, id.Uuid).Bind(2, ExecutionState.OfClosed(closed.Status)).Bind(3, closed.StoppedAt)
            .Bind(4, closed.Output).Bind(5, closed.Error).Bind(6, closed.Cause).Bind(7, closed.RemoveAt).Run();

    private readonly Statement _isOpen = connection.Prepare(
        "SELECT 1 FROM lf_execution WHERE id = ?1 AND state <= 1");

    private bool IsOpen(ExecutionId id)
    {
        using var rows = _isOpen.Bind(1, id.Uuid).Read();
        return rows.Next();
    }

    private static int StateOf(Resting resting) => resting switch
    {
        Active => ExecutionState.Active,
        Parked => ExecutionState.Parked,
        Closed closed => ExecutionState.OfClosed(closed.Status),
        _ => throw new UnreachableException($"No execution rests as {resting.GetType().Name}."),
    };
}
