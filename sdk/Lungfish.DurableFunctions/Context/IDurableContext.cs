using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions;

/// <summary>
/// What a durable function does its lasting work with: every call is checkpointed under this context.
/// </summary>
/// <remarks>
/// The code around these calls runs again on every replay and must then make the same calls in the same order: time,
/// chance, ids and I/O belong into steps. A call whose result is known returns it at once; a call that must wait for
/// something outside suspends the execution as soon as nothing else of it can run, and its task then never completes
/// in this invocation.
/// </remarks>
public interface IDurableContext
{
    /// <summary>Writes each line once, however often the code around it is replayed.</summary>
    ILogger Logger { get; }

    /// <summary>The execution that this context belongs to.</summary>
    IExecutionContext ExecutionContext { get; }

    /// <summary>The Lambda invocation that is running.</summary>
    ILambdaContext LambdaContext { get; }

    /// <summary>
    /// Replaces the logger underneath, or lets lines repeat on replay; for this context and its children.
    /// </summary>
    /// <param name="config">A later call replaces an earlier one.</param>
    void ConfigureLogger(LoggerConfig config);

    /// <summary>Runs <paramref name="func"/> and keeps its result: it is not run again once it has succeeded.</summary>
    /// <typeparam name="T">The result; serialized into the checkpoint.</typeparam>
    /// <param name="func">The work. Its token is cancelled when the invocation ends or the caller's token is.</param>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="config">Retries, semantics, serializer; null for the defaults.</param>
    /// <param name="cancellationToken">Handed on to <paramref name="func"/>.</param>
    /// <exception cref="StepException">The last attempt failed.</exception>
    Task<T> StepAsync<T>(
        Func<IStepContext, CancellationToken, Task<T>> func,
        string? name = null,
        StepConfig? config = null,
        CancellationToken cancellationToken = default);

    /// <summary>Runs <paramref name="func"/>; it is not run again once it has succeeded.</summary>
    /// <param name="func">The work. Its token is cancelled when the invocation ends or the caller's token is.</param>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="config">Retries and semantics; null for the defaults.</param>
    /// <param name="cancellationToken">Handed on to <paramref name="func"/>.</param>
    /// <exception cref="StepException">The last attempt failed.</exception>
    Task StepAsync(
        Func<IStepContext, CancellationToken, Task> func,
        string? name = null,
        StepConfig? config = null,
        CancellationToken cancellationToken = default);

    /// <summary>Suspends the execution for <paramref name="duration"/>; no process has to stay up meanwhile.</summary>
    /// <param name="duration">1 second to 31,622,400 seconds (366 days); fractions round up.</param>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="cancellationToken">Ends this invocation's waiting. The timer itself goes on.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range; nothing is checkpointed.</exception>
    Task WaitAsync(TimeSpan duration, string? name = null, CancellationToken cancellationToken = default);

    /// <summary>Runs <paramref name="func"/> in a context of its own, and keeps its result as one.</summary>
    /// <typeparam name="T">The result; serialized into the checkpoint.</typeparam>
    /// <param name="func">May use every durable operation of the context that it is given, and of no other.</param>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="config">Null for the defaults.</param>
    /// <param name="cancellationToken">Handed on to <paramref name="func"/>.</param>
    /// <exception cref="ChildContextException"><paramref name="func"/> failed.</exception>
    Task<T> RunInChildContextAsync<T>(
        Func<IDurableContext, CancellationToken, Task<T>> func,
        string? name = null,
        ChildContextConfig? config = null,
        CancellationToken cancellationToken = default);

    /// <summary>Runs <paramref name="func"/> in a context of its own.</summary>
    /// <param name="func">May use every durable operation of the context that it is given, and of no other.</param>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="config">Null for the defaults.</param>
    /// <param name="cancellationToken">Handed on to <paramref name="func"/>.</param>
    /// <exception cref="ChildContextException"><paramref name="func"/> failed.</exception>
    Task RunInChildContextAsync(
        Func<IDurableContext, CancellationToken, Task> func,
        string? name = null,
        ChildContextConfig? config = null,
        CancellationToken cancellationToken = default);

    /// <summary>Makes a callback that an outside system completes by its id.</summary>
    /// <typeparam name="T">What it is completed with.</typeparam>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="config">Timeouts and serializer; null for the defaults.</param>
    /// <param name="cancellationToken">Ends this invocation's waiting for the id.</param>
    /// <returns>The handle; a failure shows only when its result is awaited.</returns>
    Task<ICallback<T>> CreateCallbackAsync<T>(
        string? name = null, CallbackConfig? config = null, CancellationToken cancellationToken = default);

    /// <summary>Makes a callback, hands its id out in a step, and waits for it to be completed.</summary>
    /// <typeparam name="T">What it is completed with.</typeparam>
    /// <param name="submitter">Gives the callback id to the outside system; runs as a step, with retries.</param>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="config">Timeouts, the submitter's retries, serializer; null for the defaults.</param>
    /// <param name="cancellationToken">Handed on to <paramref name="submitter"/>.</param>
    /// <exception cref="CallbackFailedException">The outside system reported a failure.</exception>
    /// <exception cref="CallbackTimeoutException">No answer, or no heartbeat, in time.</exception>
    /// <exception cref="CallbackSubmitterException">The submitter failed for good.</exception>
    Task<T> WaitForCallbackAsync<T>(
        Func<string, IWaitForCallbackContext, CancellationToken, Task> submitter,
        string? name = null,
        WaitForCallbackConfig? config = null,
        CancellationToken cancellationToken = default);

    /// <summary>Invokes another function and waits for its result, however long it takes.</summary>
    /// <typeparam name="TPayload">The input of that function.</typeparam>
    /// <typeparam name="TResult">Its result.</typeparam>
    /// <param name="functionName">
    /// A name or ARN; of a durable function with its version, alias or <c>$LATEST</c>.
    /// </param>
    /// <param name="payload">The input.</param>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="config">Tenant and serializers; null for the defaults.</param>
    /// <param name="cancellationToken">Ends this invocation's waiting. The invoked function goes on.</param>
    /// <exception cref="InvokeException">The function failed, timed out or was stopped.</exception>
    Task<TResult> InvokeAsync<TPayload, TResult>(
        string functionName,
        TPayload payload,
        string? name = null,
        InvokeConfig? config = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Calls <paramref name="check"/> again and again, suspended in between, until the strategy stops it.
    /// </summary>
    /// <typeparam name="TState">What a check hands to the next; serialized into the checkpoint.</typeparam>
    /// <param name="check">Gets the state of the check before, and returns the next.</param>
    /// <param name="config">The first state and the strategy.</param>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="cancellationToken">Handed on to <paramref name="check"/>.</param>
    /// <returns>The last state.</returns>
    /// <exception cref="WaitForConditionException">The attempts are used up.</exception>
    /// <exception cref="StepException">A check failed.</exception>
    Task<TState> WaitForConditionAsync<TState>(
        Func<TState, IConditionCheckContext, CancellationToken, Task<TState>> check,
        WaitForConditionConfig<TState> config,
        string? name = null,
        CancellationToken cancellationToken = default);

    /// <summary>Runs branches side by side, each in a context of its own.</summary>
    /// <typeparam name="T">The result of every branch.</typeparam>
    /// <param name="branches">Started in order; the order must stay the same on replay.</param>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="config">Concurrency, completion and nesting; null for the defaults.</param>
    /// <param name="cancellationToken">Handed on to the branches.</param>
    /// <returns>What became of each; a branch that fails does not make this call throw.</returns>
    Task<IBatchResult<T>> ParallelAsync<T>(
        IReadOnlyList<Func<IDurableContext, CancellationToken, Task<T>>> branches,
        string? name = null,
        ParallelConfig? config = null,
        CancellationToken cancellationToken = default);

    /// <summary>Runs named branches side by side, each in a context of its own.</summary>
    /// <typeparam name="T">The result of every branch.</typeparam>
    /// <param name="branches">Started in order; order and names must stay the same on replay.</param>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="config">Concurrency, completion and nesting; null for the defaults.</param>
    /// <param name="cancellationToken">Handed on to the branches.</param>
    /// <returns>What became of each; a branch that fails does not make this call throw.</returns>
    [OverloadResolutionPriority(1)] // For [] and [new("bank-a", ...)], which the compiler could take for either.
    Task<IBatchResult<T>> ParallelAsync<T>(
        IReadOnlyList<DurableBranch<T>> branches,
        string? name = null,
        ParallelConfig? config = null,
        CancellationToken cancellationToken = default);

    /// <summary>Runs <paramref name="func"/> for every item, side by side, each in a context of its own.</summary>
    /// <typeparam name="TItem">The items.</typeparam>
    /// <typeparam name="TResult">The result for each.</typeparam>
    /// <param name="items">Started in order; the order must stay the same on replay.</param>
    /// <param name="func">Gets its context, the item, its index and all items.</param>
    /// <param name="name">Shown in history and console. It must stay the same on replay.</param>
    /// <param name="config">Concurrency, completion, nesting and names; null for the defaults.</param>
    /// <param name="cancellationToken">Handed on to <paramref name="func"/>.</param>
    /// <returns>What became of each; an item that fails does not make this call throw.</returns>
    Task<IBatchResult<TResult>> MapAsync<TItem, TResult>(
        IReadOnlyList<TItem> items,
        Func<IDurableContext, TItem, int, IReadOnlyList<TItem>, CancellationToken, Task<TResult>> func,
        string? name = null,
        MapConfig<TItem>? config = null,
        CancellationToken cancellationToken = default);
}
