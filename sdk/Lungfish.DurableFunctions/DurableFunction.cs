namespace Lungfish.DurableFunctions;

/// <summary>Where a durable function begins: wraps a workflow into a handler, or runs it as a program.</summary>
public static class DurableFunction
{
    /// <summary>Runs one invocation of a workflow, for handlers that take the envelope as an object.</summary>
    /// <typeparam name="TInput">The caller's input.</typeparam>
    /// <typeparam name="TOutput">The workflow's result.</typeparam>
    /// <param name="workflow">The workflow.</param>
    /// <param name="invocationInput">The envelope that the service sent.</param>
    /// <param name="lambdaContext">The invocation; null if nothing is known of it.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Gives the invocation up.</param>
    /// <returns>What the handler has to return, as JSON.</returns>
    /// <exception cref="DurableServiceException">
    /// The service could not be reached: the invocation must fail.
    /// </exception>
    public static Task<DurableExecutionInvocationOutput> WrapAsync<TInput, TOutput>(
        Func<TInput, IDurableContext, Task<TOutput>> workflow,
        DurableExecutionInvocationInput invocationInput,
        ILambdaContext? lambdaContext = null,
        DurableFunctionOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new DurableEntryPoint<TInput, TOutput>(workflow, options)
            .InvokeAsync(invocationInput, lambdaContext, cancellationToken);

    /// <summary>Runs one invocation of a workflow without a result.</summary>
    /// <typeparam name="TInput">The caller's input.</typeparam>
    /// <param name="workflow">The workflow.</param>
    /// <param name="invocationInput">The envelope that the service sent.</param>
    /// <param name="lambdaContext">The invocation; null if nothing is known of it.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Gives the invocation up.</param>
    /// <returns>What the handler has to return, as JSON.</returns>
    /// <exception cref="DurableServiceException">
    /// The service could not be reached: the invocation must fail.
    /// </exception>
    public static Task<DurableExecutionInvocationOutput> WrapAsync<TInput>(
        Func<TInput, IDurableContext, Task> workflow,
        DurableExecutionInvocationInput invocationInput,
        ILambdaContext? lambdaContext = null,
        DurableFunctionOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new DurableEntryPoint<TInput>(workflow, options)
            .InvokeAsync(invocationInput, lambdaContext, cancellationToken);

    /// <summary>
    /// Serves a workflow from a program of its own: the executable model. Returns when Lambda wants it to.
    /// </summary>
    /// <typeparam name="TInput">The caller's input.</typeparam>
    /// <typeparam name="TOutput">The workflow's result.</typeparam>
    /// <param name="workflow">The workflow.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the program's loop between two invocations.</param>
    public static Task RunAsync<TInput, TOutput>(
        Func<TInput, IDurableContext, Task<TOutput>> workflow,
        DurableFunctionOptions? options = null,
        CancellationToken cancellationToken = default) =>
        RunAsync(new DurableEntryPoint<TInput, TOutput>(workflow, options), cancellationToken);

    /// <summary>Serves a workflow without a result from a program of its own.</summary>
    /// <typeparam name="TInput">The caller's input.</typeparam>
    /// <param name="workflow">The workflow.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the program's loop between two invocations.</param>
    public static Task RunAsync<TInput>(
        Func<TInput, IDurableContext, Task> workflow,
        DurableFunctionOptions? options = null,
        CancellationToken cancellationToken = default) =>
        RunAsync(new DurableEntryPoint<TInput>(workflow, options), cancellationToken);

    /// <summary>Serves an entry point from a program of its own.</summary>
    /// <param name="entryPoint">The entry point.</param>
    /// <param name="cancellationToken">Ends the program's loop between two invocations.</param>
    /// <exception cref="InvalidOperationException">Not started by Lambda or Lungfish.</exception>
    public static Task RunAsync(DurableEntryPoint entryPoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        return RuntimeLoop.RunAsync(_ => entryPoint, cancellationToken);
    }

    /// <summary>Serves one of several workflows from one program; the function's handler setting names which.</summary>
    /// <param name="entryPoints">By handler name, the value of <c>_HANDLER</c>.</param>
    /// <param name="cancellationToken">Ends the program's loop between two invocations.</param>
    /// <exception cref="InvalidOperationException">Not started by Lambda or Lungfish, or no such handler.</exception>
    public static Task RunAsync(
        IReadOnlyDictionary<string, DurableEntryPoint> entryPoints, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entryPoints);
        return RuntimeLoop.RunAsync(
            handler => entryPoints.TryGetValue(handler, out var entryPoint)
                ? entryPoint
                : throw new InvalidOperationException(
                    $"This program has no handler '{handler}'. It has: {string.Join(", ", entryPoints.Keys.Order())}."),
            cancellationToken);
    }
}
