using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>A context in which some steps have bodies of the test's. All else is the context's own.</summary>
internal sealed class OverridingContext(IDurableContext inner, StepOverrides overrides) : IDurableContext
{
    public ILogger Logger => inner.Logger;

    public IExecutionContext ExecutionContext => inner.ExecutionContext;

    public ILambdaContext LambdaContext => inner.LambdaContext;

    public void ConfigureLogger(LoggerConfig config) => inner.ConfigureLogger(config);

    public Task<T> StepAsync<T>(
        Func<IStepContext, CancellationToken, Task<T>> func,
        string? name = null,
        StepConfig? config = null,
        CancellationToken cancellationToken = default) =>
        inner.StepAsync(overrides.For(name, func), name, config, cancellationToken);

    public Task StepAsync(
        Func<IStepContext, CancellationToken, Task> func,
        string? name = null,
        StepConfig? config = null,
        CancellationToken cancellationToken = default) =>
        inner.StepAsync(overrides.For(name, func), name, config, cancellationToken);

    public Task WaitAsync(TimeSpan duration, string? name = null, CancellationToken cancellationToken = default) =>
        inner.WaitAsync(duration, name, cancellationToken);

    public Task<T> RunInChildContextAsync<T>(
        Func<IDurableContext, CancellationToken, Task<T>> func,
        string? name = null,
        ChildContextConfig? config = null,
        CancellationToken cancellationToken = default) =>
        inner.RunInChildContextAsync(Around(func), name, config, cancellationToken);

    public Task RunInChildContextAsync(
        Func<IDurableContext, CancellationToken, Task> func,
        string? name = null,
        ChildContextConfig? config = null,
        CancellationToken cancellationToken = default) =>
        inner.RunInChildContextAsync((context, token) => func(Around(context), token), name, config, cancellationToken);

    public Task<ICallback<T>> CreateCallbackAsync<T>(
        string? name = null, CallbackConfig? config = null, CancellationToken cancellationToken = default) =>
        inner.CreateCallbackAsync<T>(name, config, cancellationToken);

    public Task<T> WaitForCallbackAsync<T>(
        Func<string, IWaitForCallbackContext, CancellationToken, Task> submitter,
        string? name = null,
        WaitForCallbackConfig? config = null,
        CancellationToken cancellationToken = default) =>
        inner.WaitForCallbackAsync<T>(submitter, name, config, cancellationToken);

    public Task<TResult> InvokeAsync<TPayload, TResult>(
        string functionName,
        TPayload payload,
        string? name = null,
        InvokeConfig? config = null,
        CancellationToken cancellationToken = default) =>
        inner.InvokeAsync<TPayload, TResult>(functionName, payload, name, config, cancellationToken);

    public Task<TState> WaitForConditionAsync<TState>(
        Func<TState, IConditionCheckContext, CancellationToken, Task<TState>> check,
        WaitForConditionConfig<TState> config,
        string? name = null,
        CancellationToken cancellationToken = default) =>
        inner.WaitForConditionAsync(check, config, name, cancellationToken);

    public Task<IBatchResult<T>> ParallelAsync<T>(
        IReadOnlyList<Func<IDurableContext, CancellationToken, Task<T>>> branches,
        string? name = null,
        ParallelConfig? config = null,
        CancellationToken cancellationToken = default) =>
        inner.ParallelAsync<T>([.. branches.Select(Around)], name, config, cancellationToken);

    public Task<IBatchResult<T>> ParallelAsync<T>(
        IReadOnlyList<DurableBranch<T>> branches,
        string? name = null,
        ParallelConfig? config = null,
        CancellationToken cancellationToken = default) =>
        inner.ParallelAsync(
            [.. branches.Select(branch => branch with { Func = Around(branch.Func) })],
            name,
            config,
            cancellationToken);

    public Task<IBatchResult<TResult>> MapAsync<TItem, TResult>(
        IReadOnlyList<TItem> items,
        Func<IDurableContext, TItem, int, IReadOnlyList<TItem>, CancellationToken, Task<TResult>> func,
        string? name = null,
        MapConfig<TItem>? config = null,
        CancellationToken cancellationToken = default) =>
        inner.MapAsync<TItem, TResult>(
            items,
            (context, item, index, all, token) => func(Around(context), item, index, all, token),
            name,
            config,
            cancellationToken);

    private OverridingContext Around(IDurableContext context) => new(context, overrides);

    private Func<IDurableContext, CancellationToken, Task<T>> Around<T>(
        Func<IDurableContext, CancellationToken, Task<T>> func) =>
        (context, token) => func(Around(context), token);
}
