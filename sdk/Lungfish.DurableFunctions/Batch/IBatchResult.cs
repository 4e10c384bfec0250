namespace Lungfish.DurableFunctions;

/// <summary>What became of a parallel or a map, without its values.</summary>
public interface IBatchResult
{
    /// <summary>Why it is done.</summary>
    CompletionReason CompletionReason { get; }

    /// <summary>Whether any has failed.</summary>
    bool HasFailure { get; }

    /// <summary>How many have succeeded.</summary>
    int SuccessCount { get; }

    /// <summary>How many have failed.</summary>
    int FailureCount { get; }

    /// <summary>How many were under way when it was done.</summary>
    int StartedCount { get; }

    /// <summary>How many were ever started.</summary>
    int TotalCount { get; }
}

/// <summary>What became of a parallel or a map.</summary>
/// <typeparam name="T">The result of each.</typeparam>
public interface IBatchResult<T> : IBatchResult
{
    /// <summary>All that were started, by index.</summary>
    IReadOnlyList<IBatchItem<T>> All { get; }

    /// <summary>Those that have succeeded, by index.</summary>
    IReadOnlyList<IBatchItem<T>> Succeeded { get; }

    /// <summary>Those that have failed, by index.</summary>
    IReadOnlyList<IBatchItem<T>> Failed { get; }

    /// <summary>Those that were under way when it was done, by index.</summary>
    IReadOnlyList<IBatchItem<T>> Started { get; }

    /// <summary>The results of those that have succeeded, by index.</summary>
    IReadOnlyList<T> GetResults();

    /// <summary>The errors of those that have failed, by index.</summary>
    IReadOnlyList<DurableExecutionException> GetErrors();

    /// <summary>Throws the first error, if there is one.</summary>
    void ThrowIfError();
}

/// <summary>What became of one branch or item.</summary>
/// <typeparam name="T">Its result.</typeparam>
public interface IBatchItem<T>
{
    /// <summary>Its place in the list, from 0.</summary>
    int Index { get; }

    /// <summary>The name of its operation.</summary>
    string? Name { get; }

    /// <summary>What became of it.</summary>
    BatchItemStatus Status { get; }

    /// <summary>Its result, if it has succeeded.</summary>
    T? Result { get; }

    /// <summary>Its error, if it has failed.</summary>
    DurableExecutionException? Error { get; }
}

/// <summary>What became of one branch or item.</summary>
public enum BatchItemStatus
{
    /// <summary>It has succeeded.</summary>
    Succeeded,

    /// <summary>It has failed.</summary>
    Failed,

    /// <summary>It was under way when the whole was done.</summary>
    Started,
}

/// <summary>Why a parallel or a map is done.</summary>
public enum CompletionReason
{
    /// <summary>All have run to their end.</summary>
    AllCompleted,

    /// <summary>Enough have succeeded.</summary>
    MinSuccessfulReached,

    /// <summary>Too many have failed.</summary>
    FailureToleranceExceeded,
}

/// <summary>A branch with a name.</summary>
/// <typeparam name="T">Its result.</typeparam>
/// <param name="Name">Shown in history and console. It must stay the same on replay.</param>
/// <param name="Func">The branch.</param>
public sealed record DurableBranch<T>(string Name, Func<IDurableContext, CancellationToken, Task<T>> Func);
