using System.Text;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Api;
using Lungfish.Engine.Durable;
using Lungfish.Engine.StateMachines;
using Lungfish.Journal;

namespace Lungfish.Engine.Storage;

/// <summary>What the API tells, read off stored rows by those who have no engine.</summary>
public static class StoredDescriptions
{
    /// <summary>A state machine in its current revision.</summary>
    /// <param name="findCatalog">Finds an entry of the catalog by kind and key, or null.</param>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static StateMachineDescription StateMachine(
        CatalogEntry machine, Func<string, string, CatalogEntry?> findCatalog)
    {
        var record = StateMachineRecord.Read(machine.Key, machine.Version, machine.Value.Span);
        var key = StateMachineCatalog.RevisionKey(record.Arn, record.CurrentRevision);
        var revision = findCatalog(StateMachineCatalog.DefinitionKind, key)
            ?? throw new InvalidDataException($"Its revision {record.CurrentRevision} is not in the catalog.");
        return StateMachineRevision.Read(record.CurrentRevision, revision.Value.Span).Describe(record);
    }

    /// <summary>The kind of entry that <see cref="StateMachine"/> takes.</summary>
    public static string StateMachineKind => StateMachineCatalog.MachineKind;

    /// <exception cref="CorruptJournalException">Its journal is not what was written.</exception>
    public static ExecutionDescription Execution(StoredExecution stored) => new()
    {
        Summary = ExecutionService.Summarize(stored.Header),
        Input = JournalReading.InputOf(stored.Journal),
        Output = stored.Header.Output is { } output ? Encoding.UTF8.GetString(output.Span) : null,
        Error = stored.Header.Error,
        Cause = stored.Header.Cause,
    };

    /// <exception cref="CorruptJournalException">Its journal is not what was written.</exception>
    public static IEnumerable<States.Journal.HistoryEvent> History(StoredExecution stored) =>
        JournalReading.Events(stored.Journal);

    /// <exception cref="CorruptJournalException">Its journal is not what was written.</exception>
    public static DurableDescription DurableExecution(StoredExecution stored)
    {
        var start = DurableJournal.StartOf(stored.Journal);
        return new DurableDescription
        {
            Summary = DurableReads.Summarize(stored.Header),
            Version = stored.Header.Revision,
            Input = start.Payload,
            Result = DurableEnds.ResultOf(stored.Header),
            Error = DurableEnds.ErrorOf(stored.Header),
            ParentArn = start.Identity?.ParentArn,
        };
    }

    /// <exception cref="CorruptJournalException">Its journal is not what was written.</exception>
    public static IEnumerable<HistoryEvent> DurableHistory(StoredExecution stored) =>
        DurableJournal.Events(stored.Journal);
}
