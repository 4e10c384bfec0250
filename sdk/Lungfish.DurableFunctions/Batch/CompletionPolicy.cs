namespace Lungfish.DurableFunctions;

/// <summary>When a batch of so many is done, and why.</summary>
internal readonly struct CompletionPolicy(CompletionConfig config, int total)
{
    public bool IsDone(int succeeded, int failed) =>
        succeeded + failed >= total || IsEnough(succeeded) || IsTooMuch(failed);

    public CompletionReason Reason(int succeeded, int failed) => (IsTooMuch(failed), succeeded + failed >= total) switch
    {
        (true, _) => CompletionReason.FailureToleranceExceeded,
        (_, true) => CompletionReason.AllCompleted,
        _ => CompletionReason.MinSuccessfulReached,
    };

    private bool IsEnough(int succeeded) => config.MinSuccessful is { } enough && succeeded >= enough;

    private bool IsTooMuch(int failed) => config switch
    {
        { MinSuccessful: null, ToleratedFailureCount: null, ToleratedFailurePercentage: null } => failed > 0,
        _ => failed > (config.ToleratedFailureCount ?? int.MaxValue)
            || (total > 0 && (double)failed / total > (config.ToleratedFailurePercentage ?? 1)),
    };
}
