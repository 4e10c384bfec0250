namespace Lungfish.DurableFunctions;

/// <summary>How branches run side by side.</summary>
public sealed class ParallelConfig
{
    /// <summary>How many branches may be under way at once; null for all. A suspended branch keeps its place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? MaxConcurrency { get; set => field = BatchLimits.Concurrency(value); }

    /// <summary>When the whole is done; by default at the first failure, or when all have succeeded.</summary>
    public CompletionConfig CompletionConfig { get; set; } = CompletionConfig.AllSuccessful();

    /// <summary>Whether every branch has an operation of its own in the history.</summary>
    public NestingType NestingType { get; set; } = NestingType.Nested;

    /// <summary>Writes and reads the result of each branch; null for that of the function.</summary>
    public ICheckpointSerializer? ItemSerializer { get; set; }

    /// <summary>
    /// Writes and reads the result as a whole, an <see cref="IBatchResult{T}"/>; null for the SDK's own.
    /// </summary>
    public ICheckpointSerializer? Serializer { get; set; }
}

/// <summary>How items are mapped.</summary>
/// <typeparam name="TItem">The items.</typeparam>
public sealed class MapConfig<TItem>
{
    /// <summary>How many items may be under way at once; null for all. A suspended item keeps its place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? MaxConcurrency { get; set => field = BatchLimits.Concurrency(value); }

    /// <summary>When the whole is done; by default at the first failure, or when all have succeeded.</summary>
    public CompletionConfig CompletionConfig { get; set; } = CompletionConfig.AllSuccessful();

    /// <summary>Whether every item has an operation of its own in the history.</summary>
    public NestingType NestingType { get; set; } = NestingType.Nested;

    /// <summary>Names an item's operation; null for its index.</summary>
    public Func<TItem, int, string>? ItemNamer { get; set; }

    /// <summary>Writes and reads the result of each item; null for that of the function.</summary>
    public ICheckpointSerializer? ItemSerializer { get; set; }

    /// <summary>
    /// Writes and reads the result as a whole, an <see cref="IBatchResult{T}"/>; null for the SDK's own.
    /// </summary>
    public ICheckpointSerializer? Serializer { get; set; }
}

internal static class BatchLimits
{
    public static int? Concurrency(int? value) => value is null or > 0
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "MaxConcurrency is at least 1, or null.");
}
