using Lungfish.Engine.MapRuns;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.Engine.Checking;

/// <summary>Executions of state machines, child executions of map runs included.</summary>
internal static class StateMachineCheck
{
    public static void Check(ExecutionRows rows, StoredDefinitions definitions, FindingList findings)
    {
        var isWhole = JournalCheck.TryRead(
            rows.Journal, JournalReading.Decode, fact => (fact as HistoryEvent)?.Id, findings, out var facts);
        if (!isWhole || !CheckChain(facts, findings))
        {
            return;
        }

        CheckStart(rows.Header, facts, findings);
        var found = definitions.Find(rows.Header.Key.OwnerArn, rows.Header.Revision);
        if (found.Definition is not { } definition)
        {
            findings.Add(FindingKinds.DefinitionMissing, found.Problem);
            return;
        }

        if (Fold(Execution.Blank(definition), facts, findings) is { } execution)
        {
            RestCheck.Compare(RestOf.Execution(execution, RestOf.NextDueMs(execution.Timers)), rows.Rest, findings);
            CheckCallbacks(execution, rows, findings);
            CheckMapRuns(execution, facts, rows, findings);
            CheckIsWoken(execution, findings);
        }
    }

    /// <summary>Each event follows one before it, and none follows the end.</summary>
    private static bool CheckChain(List<Fact> facts, FindingList findings)
    {
        HistoryEvent? end = null;
        foreach (var happened in facts.OfType<HistoryEvent>())
        {
            if (end is not null)
            {
                findings.Add(
                    FindingKinds.EventAfterEnd, $"Event {happened.Id}, {happened.Type}, comes after {end.Type}.");
                return false;
            }

            if (happened.PreviousEventId < 0 || happened.PreviousEventId >= happened.Id)
            {
                findings.Add(
                    FindingKinds.EventChain,
                    $"Event {happened.Id} names {happened.PreviousEventId} as the one before.");
                return false;
            }

            end = happened.Type is HistoryEventType.ExecutionSucceeded or HistoryEventType.ExecutionFailed
                or HistoryEventType.ExecutionTimedOut or HistoryEventType.ExecutionAborted
                ? happened
                : null;
        }

        return true;
    }

    private static void CheckStart(ExecutionHeader header, List<Fact> facts, FindingList findings)
    {
        if (facts.OfType<HistoryEvent>().FirstOrDefault() is not { Details.Identity: { } identity } started)
        {
            findings.Add(FindingKinds.FoldFailed, "Its journal does not begin with its start.");
        }
        else if (identity.ExecutionName != header.Key.Name
            || identity.StateMachineArn != header.Key.OwnerArn
            || started.Timestamp != header.StartedAt)
        {
            findings.Add(
                FindingKinds.RowStart,
                $"Its journal begins with the start of {identity.ExecutionArn} at another moment or by another name.");
        }
    }

    private static Execution? Fold(Execution execution, List<Fact> facts, FindingList findings)
    {
        try
        {
            return facts.Aggregate(execution, (folded, fact) => folded.Apply(fact));
        }
        catch (Exception e) // The border to the fold, which asserts what it is given in any way.
        {
            findings.Add(FindingKinds.FoldFailed, $"Its facts do not follow from each other: {e.Message}");
            return null;
        }
    }

    private static void CheckCallbacks(Execution execution, ExecutionRows rows, FindingList findings)
    {
        foreach (var row in rows.Callbacks)
        {
            if (!execution.PendingTasks.TryGetValue(row.TaskId, out var task) || !task.AnsweredByToken
                || task.StateName != row.StateName || CallbackRows.KindOf(task) != row.Kind)
            {
                findings.Add(
                    FindingKinds.CallbackExtra,
                    $"Task {row.TaskId} of state '{row.StateName}' is listed as waiting, and does not wait.");
            }
        }

        foreach (var task in execution.PendingTasks.Values)
        {
            if (task.AnsweredByToken && !rows.Callbacks.Any(row => row.TaskId == task.Id))
            {
                findings.Add(
                    FindingKinds.CallbackMissing,
                    $"Task {task.Id} of state '{task.StateName}' waits for an answer, and is not listed.");
            }
        }
    }

    private static void CheckMapRuns(
        Execution execution, List<Fact> facts, ExecutionRows rows, FindingList findings)
    {
        var started = facts.OfType<HistoryEvent>().Count(e => e.Type == HistoryEventType.MapRunStarted);
        if (started != rows.MapRuns.Count)
        {
            findings.Add(
                FindingKinds.MapRunRow,
                $"Map runs that it has started: {started}; that are stored: {rows.MapRuns.Count}.");
        }

        foreach (var (stored, childCount) in rows.MapRuns)
        {
            CheckMapRun(execution, stored, childCount, findings);
        }
    }

    private static void CheckMapRun(
        Execution execution, StoredMapRun stored, long? childCount, FindingList findings)
    {
        MapRunSnapshot row;
        try
        {
            row = MapRunRecord.Read(stored);
        }
        catch (Exception e) when (StoredDefinitions.IsUnreadable(e))
        {
            findings.Add(FindingKinds.MapRunRow, $"Map run {stored.Id} cannot be read: {e.Message}");
            return;
        }

        var open = execution.FindMapRun(row.Arn);
        if (open is null != stored.StoppedAt is not null)
        {
            findings.Add(
                FindingKinds.MapRunRow,
                open is null
                    ? $"Map run {stored.Id} is over by the journal, and stored as running."
                    : $"Map run {stored.Id} runs by the journal, and is stored as over.");
        }

        var startedMax = (open ?? row).Executions.Total;
        if (childCount > startedMax)
        {
            findings.Add(
                FindingKinds.MapRunChildren,
                $"Child executions that map run {stored.Id} has started: {startedMax}; that are stored: {childCount}.");
        }
    }

    private static void CheckIsWoken(Execution execution, FindingList findings)
    {
        var isWoken = execution.Status != ExecutionStatus.Running
            || execution.HasMoreToDo
            || !execution.Timers.IsEmpty
            || execution.PendingTasks.Values.Any(task => task.IsToHandOut || task.AnsweredByToken)
            || execution.MapRunEffects.Any();
        if (!isWoken)
        {
            findings.Add(
                FindingKinds.Stuck, "It is open, and no task, timer, callback or child execution will wake it.");
        }
    }
}
