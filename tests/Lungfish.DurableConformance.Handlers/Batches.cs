using Lungfish.DurableFunctions;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>What a batch came to, as the requirements ask for it.</summary>
internal static class Batches
{
    /// <summary>The texts of the requirements.</summary>
    public static string TextOf(this CompletionReason reason) => reason switch
    {
        CompletionReason.AllCompleted => "ALL_COMPLETED",
        CompletionReason.MinSuccessfulReached => "MIN_SUCCESSFUL_REACHED",
        CompletionReason.FailureToleranceExceeded => "FAILURE_TOLERANCE_EXCEEDED",
        _ => $"{reason}",
    };

    public static Dictionary<string, object> OutcomeOf(IBatchResult batch)
    {
        var outcome = CountsOf(batch);
        outcome["status"] = batch.HasFailure ? "FAILED" : "SUCCEEDED";
        return outcome;
    }

    public static Dictionary<string, object> CountsOf(IBatchResult batch)
    {
        var counts = SuccessesOf(batch);
        counts["failureCount"] = batch.FailureCount;
        return counts;
    }

    public static Dictionary<string, object> SuccessesOf(IBatchResult batch) => new(StringComparer.Ordinal)
    {
        ["completionReason"] = batch.CompletionReason.TextOf(),
        ["successCount"] = batch.SuccessCount,
        ["totalCount"] = batch.TotalCount,
    };
}
