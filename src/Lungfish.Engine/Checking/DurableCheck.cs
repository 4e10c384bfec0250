using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Checking;

/// <summary>Durable executions of functions.</summary>
internal static class DurableCheck
{
    public static void Check(ExecutionRows rows, FindingList findings)
    {
        var isWhole = JournalCheck.TryRead(
            rows.Journal, DurableJournal.Decode, fact => (fact as HistoryEvent)?.EventId, findings, out var facts);
        if (!isWhole || !CheckEnds(facts, findings))
        {
            return;
        }

        if (Fold(facts, findings) is { } execution)
        {
            CheckStart(rows.Header, execution, findings);
            RestCheck.Compare(
                execution.Status == DurableStatus.Running
                    ? DurableEnds.RestOf(execution, rows.Rest)
                    : DurableEnds.ToStored(execution),
                rows.Rest,
                findings);
            CheckCallbacks(execution, rows, findings);
            CheckIsWoken(execution, findings);
        }
    }

    /// <summary>After the end only a redrive comes.</summary>
    private static bool CheckEnds(List<Fact> facts, FindingList findings)
    {
        HistoryEvent? end = null;
        foreach (var happened in facts.OfType<HistoryEvent>())
        {
            if (end is not null && happened.Type != HistoryEventType.ExecutionRedriven)
            {
                findings.Add(
                    FindingKinds.EventAfterEnd, $"Event {happened.EventId}, {happened.Type}, comes after {end.Type}.");
                return false;
            }

            end = happened.Type is HistoryEventType.ExecutionSucceeded or HistoryEventType.ExecutionFailed
                or HistoryEventType.ExecutionTimedOut or HistoryEventType.ExecutionStopped
                ? happened
                : null;
        }

        return true;
    }

    private static DurableExecution? Fold(List<Fact> facts, FindingList findings)
    {
        try
        {
            var execution = facts.Aggregate(DurableExecution.Blank, (folded, fact) => folded.Apply(fact));
            if (execution.Identity is not null)
            {
                return execution;
            }

            findings.Add(FindingKinds.FoldFailed, "Its journal does not begin with its start.");
        }
        catch (Exception e) // The border to the fold, which asserts what it is given in any way.
        {
            findings.Add(FindingKinds.FoldFailed, $"Its facts do not follow from each other: {e.Message}");
        }

        return null;
    }

    private static void CheckStart(ExecutionHeader header, DurableExecution execution, FindingList findings)
    {
        if (execution.Identity is { } identity
            && (identity.Arn != DurableArn.Of(header.Key, header.Id.Uuid).Text
                || identity.Version != header.Revision
                || execution.StartedAt != header.StartedAt))
        {
            findings.Add(
                FindingKinds.RowStart,
                $"Its journal begins with the start of {identity.Arn} at another moment or by another name.");
        }
    }

    private static void CheckCallbacks(DurableExecution execution, ExecutionRows rows, FindingList findings)
    {
        var open = DurableCallbackRows.OpenOf(execution).ToDictionary(callback => (long)callback.Sequence);
        foreach (var row in rows.Callbacks)
        {
            if (!open.Remove(row.TaskId) || row.Kind != DurableCallbackRows.Kind)
            {
                findings.Add(
                    FindingKinds.CallbackExtra,
                    $"Callback {row.TaskId}, '{row.StateName}', is listed as waiting, and does not wait.");
            }
        }

        foreach (var callback in open.Values)
        {
            findings.Add(
                FindingKinds.CallbackMissing,
                $"Callback {callback.Sequence}, '{callback.Name ?? callback.Id}', waits for an answer, and is not "
                + "listed.");
        }
    }

    /// <summary>Its own time-out would end it, which may be a year away.</summary>
    private static void CheckIsWoken(DurableExecution execution, FindingList findings)
    {
        if (execution is { Status: DurableStatus.Running, Running: null, AwaitsSomething: false })
        {
            findings.Add(
                FindingKinds.Stuck,
                "It is open, and no invocation, wait, retry, callback or chained invoke will wake it.");
        }
    }
}
