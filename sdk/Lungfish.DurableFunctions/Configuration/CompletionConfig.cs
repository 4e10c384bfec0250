namespace Lungfish.DurableFunctions;

/// <summary>When a parallel or a map is done. Without any member set, the first failure ends it.</summary>
public sealed class CompletionConfig
{
    /// <summary>Done as soon as so many have succeeded.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? MinSuccessful
    {
        get;
        set => field = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "MinSuccessful is at least 1.");
    }

    /// <summary>Ended as soon as more than so many have failed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int? ToleratedFailureCount
    {
        get;
        set => field = value is null or >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "ToleratedFailureCount is at least 0.");
    }

    /// <summary>Ended as soon as more than this share of all has failed: a ratio, 0.25 for a quarter.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0 to 1.</exception>
    public double? ToleratedFailurePercentage
    {
        get;
        set => field = value is null or (>= 0 and <= 1)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, "ToleratedFailurePercentage is a ratio from 0 to 1.");
    }

    /// <summary>All must succeed: the first failure ends it.</summary>
    public static CompletionConfig AllSuccessful() => new() { ToleratedFailureCount = 0 };

    /// <summary>All run to their end, whatever fails.</summary>
    public static CompletionConfig AllCompleted() => new() { ToleratedFailureCount = int.MaxValue };

    /// <summary>The first success ends it.</summary>
    public static CompletionConfig FirstSuccessful() => new() { MinSuccessful = 1 };
}
