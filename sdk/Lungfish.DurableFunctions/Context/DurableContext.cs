using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions;

/// <summary>Turns the author's calls into operations of one context.</summary>
internal sealed class DurableContext : IDurableContext, IExecutionContext
{
    private ILogger _sink;
    private bool _isModeAware;

    public DurableContext(ContextScope scope, ILogger sink, bool isModeAware) =>
        (Scope, _sink, _isModeAware) = (scope, sink, isModeAware);

    public ContextScope Scope { get; }

    public ILogger Logger => field ??= new DurableLogger(
        () => _sink, () => _isModeAware && Scope.IsReplaying, LogFields.Of(Scope.Invocation, Scope.Id, null, null));

    public IExecutionContext ExecutionContext => this;

    public ILambdaContext LambdaContext => Scope.Invocation.LambdaContext;

    public string DurableExecutionArn => Scope.Invocation.ExecutionArn;

    public void ConfigureLogger(LoggerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        (_sink, _isModeAware) = (config.CustomLogger ?? _sink, config.ModeAware);
    }

    public DurableContext Child(string id, string? parentId, bool isRerun) =>
        new(new ContextScope(Scope.Invocation, Scope, id, parentId, isRerun), _sink, _isModeAware);

    public ILogger LoggerOf(OperationKey key, int attempt) => new DurableLogger(
        () => _sink, static () => false, LogFields.Of(Scope.Invocation, key.Id, key.Name, attempt));

    public Task<T> StepAsync<T>(
        Func<IStepContext, CancellationToken, Task<T>> func,
        string? name = null,
        StepConfig? config = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(func);
        var key = OperationKey.Take(Scope, OperationTypes.Step, OperationSubTypes.Step, name);
        return new StepOperation<T>(this, key, func, config, cancellationToken).Start();
    }

    public Task StepAsync(
        Func<IStepContext, CancellationToken, Task> func,
        string? name = null,
        StepConfig? config = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(func);
        return StepAsync(WithNothing(func), name, config, cancellationToken);
    }

    public Task WaitAsync(TimeSpan duration, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, TimeSpan.FromSeconds(Seconds.Max));
        var key = OperationKey.Take(Scope, OperationTypes.Wait, OperationSubTypes.Wait, name);
        return new WaitOperation(Scope, key, duration, cancellationToken).Start();
    }

    public Task<T> RunInChildContextAsync<T>(
        Func<IDurableContext, CancellationToken, Task<T>> func,
        string? name = null,
        ChildContextConfig? config = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(func);
        var subType = config?.SubType ?? OperationSubTypes.RunInChildContext;
        var mapping = config?.ErrorMapping;
        var body = new ChildBody<T>
        {
            Run = (context, _, token) => func(context, token),
            Serializer = config?.Serializer,
            IsFlat = config?.NestingType == NestingType.Flat,
            Failure = error =>
            {
                var failure = Failures.OfContext(subType, error);
                return mapping is null ? failure : mapping(failure);
            },
        };
        return RunInContext(subType, name, body, cancellationToken);
    }

    public Task RunInChildContextAsync(
        Func<IDurableContext, CancellationToken, Task> func,
        string? name = null,
        ChildContextConfig? config = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(func);
        return RunInChildContextAsync(WithNothing(func), name, config, cancellationToken);
    }

    public Task<ICallback<T>> CreateCallbackAsync<T>(
        string? name = null, CallbackConfig? config = null, CancellationToken cancellationToken = default)
    {
        var key = OperationKey.Take(Scope, OperationTypes.Callback, OperationSubTypes.Callback, name);
        return new CreateCallbackOperation<T>(Scope, key, config, cancellationToken).Start();
    }

    public Task<T> WaitForCallbackAsync<T>(
        Func<string, IWaitForCallbackContext, CancellationToken, Task> submitter,
        string? name = null,
        WaitForCallbackConfig? config = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submitter);
        var body = new ChildBody<T>
        {
            Run = (context, _, token) => SubmitAndWaitAsync<T>(context, submitter, name, config, token),
            Serializer = config?.Serializer,
            Failure = Failures.OfCallback,
        };
        return RunInContext(OperationSubTypes.WaitForCallback, name, body, cancellationToken);
    }

    public Task<TResult> InvokeAsync<TPayload, TResult>(
        string functionName,
        TPayload payload,
        string? name = null,
        InvokeConfig? config = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(functionName);
        var key = OperationKey.Take(Scope, OperationTypes.ChainedInvoke, OperationSubTypes.ChainedInvoke, name);
        return new InvokeOperation<TPayload, TResult>(Scope, key, functionName, payload, config, cancellationToken)
            .Start();
    }

    public Task<TState> WaitForConditionAsync<TState>(
        Func<TState, IConditionCheckContext, CancellationToken, Task<TState>> check,
        WaitForConditionConfig<TState> config,
        string? name = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(config);
        var key = OperationKey.Take(Scope, OperationTypes.Step, OperationSubTypes.WaitForCondition, name);
        return new ConditionOperation<TState>(this, key, check, config, cancellationToken).Start();
    }

    public Task<IBatchResult<T>> ParallelAsync<T>(
        IReadOnlyList<Func<IDurableContext, CancellationToken, Task<T>>> branches,
        string? name = null,
        ParallelConfig? config = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(branches);
        return RunBatch(
            new BatchPlan<T>
            {
                SubType = OperationSubTypes.Parallel,
                ItemSubType = OperationSubTypes.ParallelBranch,
                Count = branches.Count,
                NameOf = BatchPlan.IndexAsName,
                Run = (index, context, token) => branches[index](context, token),
            }.With(config),
            name,
            cancellationToken);
    }

    public Task<IBatchResult<T>> ParallelAsync<T>(
        IReadOnlyList<DurableBranch<T>> branches,
        string? name = null,
        ParallelConfig? config = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(branches);
        return RunBatch(
            new BatchPlan<T>
            {
                SubType = OperationSubTypes.Parallel,
                ItemSubType = OperationSubTypes.ParallelBranch,
                Count = branches.Count,
                NameOf = index => branches[index].Name,
                Run = (index, context, token) => branches[index].Func(context, token),
            }.With(config),
            name,
            cancellationToken);
    }

    public Task<IBatchResult<TResult>> MapAsync<TItem, TResult>(
        IReadOnlyList<TItem> items,
        Func<IDurableContext, TItem, int, IReadOnlyList<TItem>, CancellationToken, Task<TResult>> func,
        string? name = null,
        MapConfig<TItem>? config = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(func);
        return RunBatch(
            new BatchPlan<TResult>
            {
                SubType = OperationSubTypes.Map,
                ItemSubType = OperationSubTypes.MapIteration,
                Count = items.Count,
                NameOf = config?.ItemNamer is { } namer
                    ? index => namer(items[index], index)
                    : BatchPlan.IndexAsName,
                Run = (index, context, token) => func(context, items[index], index, items, token),
            }.With(config),
            name,
            cancellationToken);
    }

    private static async Task<T> SubmitAndWaitAsync<T>(
        DurableContext context,
        Func<string, IWaitForCallbackContext, CancellationToken, Task> submitter,
        string? name,
        WaitForCallbackConfig? config,
        CancellationToken token)
    {
        var callback = await context.CreateCallbackAsync<T>(name, config, token).ConfigureAwait(false);
        try
        {
            await context.StepAsync(
                (step, stepToken) => submitter(callback.CallbackId, (IWaitForCallbackContext)step, stepToken),
                name,
                new StepConfig { RetryStrategy = config?.RetryStrategy },
                token).ConfigureAwait(false);
        }
        catch (StepException e)
        {
            throw Failures.OfSubmitter(e);
        }

        return await callback.GetResultAsync(token).ConfigureAwait(false);
    }

    private Task<IBatchResult<T>> RunBatch<T>(BatchPlan<T> plan, string? name, CancellationToken cancellationToken)
    {
        var body = new ChildBody<IBatchResult<T>>
        {
            Run = (context, known, token) => new BatchRun<T>(context, plan, token).RunAsync(known),
            Serializer = plan.Serializer ?? new BatchSerializer<T>(plan, Scope.Invocation),
            Failure = error => Failures.OfContext(plan.SubType, error),
            Summarize = BatchSummary.Write,
            IsRereadAlready = plan.Serializer is null && !plan.IsFlat,
        };
        return RunInContext(plan.SubType, name, body, cancellationToken);
    }

    private Task<T> RunInContext<T>(
        string subType, string? name, ChildBody<T> body, CancellationToken cancellationToken)
    {
        var key = OperationKey.Take(Scope, OperationTypes.Context, subType, name);
        return new ChildContextOperation<T>(this, key, body, cancellationToken).Start();
    }

    /// <summary>One way for bodies with a result and without.</summary>
    private static Func<TContext, CancellationToken, Task<Nothing>> WithNothing<TContext>(
        Func<TContext, CancellationToken, Task> func) =>
        async (context, token) =>
        {
            await func(context, token).ConfigureAwait(false);
            return default;
        };
}
