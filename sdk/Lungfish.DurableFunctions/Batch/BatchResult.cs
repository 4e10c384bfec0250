namespace Lungfish.DurableFunctions;

/// <summary>Makes batch results, for serializers that rebuild one from their own text.</summary>
public static class BatchResult
{
    /// <summary>A result of these items.</summary>
    /// <typeparam name="T">The result of each.</typeparam>
    /// <param name="items">By index.</param>
    /// <param name="completionReason">Why it is done.</param>
    public static IBatchResult<T> Create<T>(IEnumerable<IBatchItem<T>> items, CompletionReason completionReason)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new BatchResult<T>([.. items], completionReason);
    }

    /// <summary>A result in which all have succeeded.</summary>
    /// <typeparam name="T">The result of each.</typeparam>
    /// <param name="results">In order.</param>
    public static IBatchResult<T> FromResults<T>(IEnumerable<T> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return Create(results.Select((result, index) => Succeeded(index, result)), CompletionReason.AllCompleted);
    }

    /// <summary>An item that has succeeded.</summary>
    /// <typeparam name="T">Its result.</typeparam>
    /// <param name="index">Its place.</param>
    /// <param name="result">Its result.</param>
    /// <param name="name">The name of its operation; null for none.</param>
    public static IBatchItem<T> Succeeded<T>(int index, T result, string? name = null) =>
        new BatchItem<T>(index, name, BatchItemStatus.Succeeded, result, null);

    /// <summary>An item that has failed.</summary>
    /// <typeparam name="T">What its result would be.</typeparam>
    /// <param name="index">Its place.</param>
    /// <param name="error">Its error.</param>
    /// <param name="name">The name of its operation; null for none.</param>
    public static IBatchItem<T> Failed<T>(int index, DurableExecutionException error, string? name = null) =>
        new BatchItem<T>(index, name, BatchItemStatus.Failed, default, error);

    /// <summary>An item that was under way when the whole was done.</summary>
    /// <typeparam name="T">What its result would be.</typeparam>
    /// <param name="index">Its place.</param>
    /// <param name="name">The name of its operation; null for none.</param>
    public static IBatchItem<T> Started<T>(int index, string? name = null) =>
        new BatchItem<T>(index, name, BatchItemStatus.Started, default, null);
}

internal sealed record BatchItem<T>(
    int Index, string? Name, BatchItemStatus Status, T? Result, DurableExecutionException? Error) : IBatchItem<T>;

internal sealed class BatchResult<T>(IReadOnlyList<IBatchItem<T>> all, CompletionReason completionReason)
    : IBatchResult<T>
{
    public IReadOnlyList<IBatchItem<T>> All => all;

    public IReadOnlyList<IBatchItem<T>> Succeeded => field ??= Of(BatchItemStatus.Succeeded);

    public IReadOnlyList<IBatchItem<T>> Failed => field ??= Of(BatchItemStatus.Failed);

    public IReadOnlyList<IBatchItem<T>> Started => field ??= Of(BatchItemStatus.Started);

    public CompletionReason CompletionReason => completionReason;

    public bool HasFailure => Failed.Count > 0;

    public int SuccessCount => Succeeded.Count;

    public int FailureCount => Failed.Count;

    public int StartedCount => Started.Count;

    public int TotalCount => all.Count;

    // The result of an item that has succeeded is there; it may itself be null if T allows it.
    public IReadOnlyList<T> GetResults() => [.. Succeeded.Select(item => item.Result).Cast<T>()];

    public IReadOnlyList<DurableExecutionException> GetErrors() =>
        [.. Failed.Select(item => item.Error).OfType<DurableExecutionException>()];

    public void ThrowIfError()
    {
        if (Failed.Select(item => item.Error).FirstOrDefault(error => error is not null) is { } first)
        {
            throw first;
        }
    }

    private IBatchItem<T>[] Of(BatchItemStatus status) => [.. all.Where(item => item.Status == status)];
}
