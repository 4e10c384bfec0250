using System.Globalization;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Checking;

/// <summary>Compares how an execution rests by its journal with how it rests by its row.</summary>
internal static class RestCheck
{
    public static void Compare(Resting journal, Resting row, FindingList findings)
    {
        switch (journal, row)
        {
            case (Closed told, Closed stored):
                CompareEnds(told, stored, findings);
                break;
            case (Closed or Active or Parked, Closed) or (Closed, Active or Parked):
                findings.Add(
                    FindingKinds.RowStatus,
                    $"By its journal it {Tell(journal)}, and its row says that it {Tell(row)}.");
                break;
            case (Parked told, Parked stored) when told.WakeAt is { } due && !(stored.WakeAt <= due):
                findings.Add(
                    FindingKinds.RowWake,
                    stored.WakeAt is { } late
                        ? $"Its next timer is due at {Text(due)}, and it is woken at {Text(late)}."
                        : $"Its next timer is due at {Text(due)}, and nothing wakes it.");
                break;
            case (Active, Parked) or (Parked, Active):
                findings.Add(
                    FindingKinds.RowRest, $"By its journal it {Tell(journal)}, and its row says that it {Tell(row)}.");
                break;
            default:
                break;
        }
    }

    private static void CompareEnds(Closed told, Closed stored, FindingList findings)
    {
        if (told.Status != stored.Status)
        {
            findings.Add(
                FindingKinds.RowStatus, $"By its journal it {Tell(told)}, and its row says that it {Tell(stored)}.");
            return;
        }

        Compare("stop time", told.StoppedAt == stored.StoppedAt);
        Compare("output", Same(told.Output, stored.Output));
        Compare("error", told.Error == stored.Error);
        Compare("cause", told.Cause == stored.Cause);
        if (told.RemoveAt != stored.RemoveAt)
        {
            findings.Add(
                FindingKinds.RowRemoval,
                $"It is removed {Removal(stored.RemoveAt)}, and its retention says {Removal(told.RemoveAt)}.");
        }

        void Compare(string what, bool isSame)
        {
            if (!isSame)
            {
                findings.Add(FindingKinds.RowResult, $"The {what} in its row is not the one in its journal.");
            }
        }
    }

    private static bool Same(ReadOnlyMemory<byte>? a, ReadOnlyMemory<byte>? b) => (a, b) switch
    {
        (null, null) => true,
        ({ } one, { } other) => one.Span.SequenceEqual(other.Span),
        _ => false,
    };

    private static string Removal(DateTimeOffset? at) => at is { } moment ? $"at {Text(moment)}" : "with all others";

    private static string Tell(Resting rest) => rest switch
    {
        Active => "has something in flight",
        Parked => "waits",
        Closed closed => $"has ended as {closed.Status}",
        _ => rest.GetType().Name,
    };

    private static string Text(DateTimeOffset moment) =>
        moment.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
