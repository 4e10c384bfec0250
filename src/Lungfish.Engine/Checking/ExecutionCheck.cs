using Lungfish.Engine.Durable;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Journal;

namespace Lungfish.Engine.Checking;

/// <summary>Checks that what a store has of an execution agrees with itself: the journal is whole, its fold says what
/// the rows say, and an open execution has something that will wake it.</summary>
/// <remarks>Reads no clock and no store but through what it is given. Keeps the definitions that it used last; for one
/// thread at a time.</remarks>
/// <param name="findCatalog">Finds an entry of the catalog by kind and key, or null.</param>
public sealed class ExecutionCheck(Func<string, string, CatalogEntry?> findCatalog)
{
    private readonly StoredDefinitions _definitions = new(findCatalog);

    /// <returns>Nothing, if all is as it must be.</returns>
    public IReadOnlyList<Finding> Check(ExecutionRows rows)
    {
        var findings = new FindingList(ArnOf(rows.Header));
        CheckKey(rows.Header, findings);
        if (rows.Journal.Count == 0)
        {
            findings.Add(FindingKinds.JournalMissing, "It has no journal.");
            return findings.All;
        }

        try
        {
            if (rows.Header.Key.IsDurable)
            {
                DurableCheck.Check(rows, findings);
            }
            else
            {
                StateMachineCheck.Check(rows, _definitions, findings);
            }
        }
        catch (CorruptJournalException e)
        {
            findings.Add(FindingKinds.SegmentDamaged, e.Message);
        }

        return findings.All;
    }

    /// <summary>What findings name an execution by.</summary>
    public static string ArnOf(ExecutionHeader header)
    {
        try
        {
            return header.Key.IsDurable
                ? DurableArn.Of(header.Key, header.Id.Uuid).Text
                : ExecutionArns.Of(header.Key);
        }
        catch (ApiException)
        {
            return $"{header.Key.OwnerArn} {header.Key.Name}"; // Its machine's ARN is none.
        }
    }

    private static void CheckKey(ExecutionHeader header, FindingList findings)
    {
        if (header.Id.Slot != header.Key.Slot)
        {
            findings.Add(
                FindingKinds.RowSlot,
                $"It is stored in slot {header.Id.Slot.Number}, and its name belongs to {header.Key.Slot.Number}.");
        }
    }
}

/// <summary>The findings about one execution.</summary>
internal sealed class FindingList(string subject)
{
    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public void Add(FindingKind kind, string problem) => _all.Add(new Finding(kind, subject, problem));
}
