using System.Collections.Immutable;

namespace Lungfish.Engine.Checking;

/// <summary>Something stored that is not as it must be.</summary>
/// <param name="Subject">The ARN of an execution, or what else it is about.</param>
/// <param name="Problem">What is wrong, in one sentence.</param>
public sealed record Finding(FindingKind Kind, string Subject, string Problem);

/// <summary>What can be wrong. Codes are stable: scripts may rely on them.</summary>
/// <param name="Advice">What to do, in one sentence.</param>
public sealed record FindingKind(string Code, FindingSeverity Severity, string Advice);

public enum FindingSeverity
{
    /// <summary>Nothing is lost by it.</summary>
    Warning = 0,

    Error = 1,
}

/// <summary>All that a check can find. Each is explained in docs/fsck.md.</summary>
public static class FindingKinds
{
    private const string Restore = "Restore a backup in which it is whole; the server sets this execution aside and "
        + "runs all others.";

    private const string RestoreFile = "Stop the server, keep a copy of the file, and restore a backup.";

    private const string StopIt = "Stop the execution, and start it again under another name.";

    private const string RedeployIt = "Deploy it again, or restore a backup.";

    private static readonly ImmutableArray<FindingKind>.Builder Known = ImmutableArray.CreateBuilder<FindingKind>();

    // The file.
    public static readonly FindingKind FileDamaged = Error("file-damaged", RestoreFile);
    public static readonly FindingKind FileSchema = Error("file-schema", RestoreFile);
    public static readonly FindingKind RowForm = Error("row-form", Restore);
    public static readonly FindingKind Partition = Error("partition", RestoreFile);

    // The row of an execution.
    public static readonly FindingKind RowStart = Error("row-start", Restore);
    public static readonly FindingKind RowSlot = Error("row-slot", Restore);
    public static readonly FindingKind RowKind = Error("row-kind", Restore);
    public static readonly FindingKind RowName = Error("row-name", RestoreFile);
    public static readonly FindingKind RowStatus = Error("row-status", Restore);
    public static readonly FindingKind RowResult = Error("row-result", Restore);
    public static readonly FindingKind RowRest = Error("row-rest", StopIt);
    public static readonly FindingKind RowWake = Error("row-wake", StopIt);
    public static readonly FindingKind RowRemoval = Warning(
        "row-removal", "Nothing is lost now: it is only removed at another time than its retention says.");

    public static readonly FindingKind Stuck = Error("stuck", StopIt);

    // Its journal.
    public static readonly FindingKind JournalMissing = Error("journal-missing", Restore);
    public static readonly FindingKind JournalOrphan = Error("journal-orphan", RestoreFile);
    public static readonly FindingKind SegmentDamaged = Error("segment-damaged", Restore);
    public static readonly FindingKind SegmentGap = Error("segment-gap", Restore);
    public static readonly FindingKind EventIds = Error("event-ids", Restore);
    public static readonly FindingKind EventChain = Error("event-chain", Restore);
    public static readonly FindingKind EventAfterEnd = Error("event-after-end", Restore);
    public static readonly FindingKind FoldFailed = Error("fold-failed", Restore);
    public static readonly FindingKind BlobMissing = Error("blob-missing", Restore);
    public static readonly FindingKind BlobDamaged = Error("blob-damaged", Restore);
    public static readonly FindingKind BlobUnreferenced = Warning(
        "blob-unreferenced", "It takes room until its execution is removed, and does no other harm.");

    // What belongs to it.
    public static readonly FindingKind CallbackMissing = Error(
        "callback-missing", "Its token still works; it only is not listed. Restore a backup to have it listed.");

    public static readonly FindingKind CallbackExtra = Error(
        "callback-extra", "Nobody waits for it: an answer to it is refused. Restore a backup to be rid of it.");

    public static readonly FindingKind MapRunRow = Error("map-run-row", Restore);
    public static readonly FindingKind MapRunChildren = Error("map-run-children", Restore);

    // The catalog.
    public static readonly FindingKind DefinitionMissing = Error("definition-missing", Restore);
    public static readonly FindingKind CatalogEntry = Error("catalog-entry", RedeployIt);
    public static readonly FindingKind CodeMissing = Error("code-missing", RedeployIt);
    public static readonly FindingKind CodeDamaged = Error("code-damaged", RedeployIt);
    public static readonly FindingKind CodeFolder = Warning(
        "code-folder", "Deploy the function again from where its code is now.");

    public static readonly FindingKind TokenKey = Error(
        "token-key", "Restore it from a backup: tokens that were given out before are good with no other key.");

    public static ImmutableArray<FindingKind> All { get; } = Known.ToImmutable();

    private static FindingKind Error(string code, string advice) => Add(code, FindingSeverity.Error, advice);

    private static FindingKind Warning(string code, string advice) => Add(code, FindingSeverity.Warning, advice);

    private static FindingKind Add(string code, FindingSeverity severity, string advice)
    {
        var kind = new FindingKind(code, severity, advice);
        Known.Add(kind);
        return kind;
    }
}
