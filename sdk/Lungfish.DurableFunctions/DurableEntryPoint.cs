namespace Lungfish.DurableFunctions;

/// <summary>A workflow as a Lambda handler: its stream method is what a class library names as handler.</summary>
public abstract class DurableEntryPoint
{
    private protected DurableEntryPoint(DurableFunctionOptions? options) =>
        Options = options ?? new DurableFunctionOptions();

    private protected DurableFunctionOptions Options { get; }

    /// <summary>Runs one invocation.</summary>
    /// <param name="input">The envelope, as JSON.</param>
    /// <returns>The answer, as JSON.</returns>
    public Task<Stream> InvokeAsync(Stream input) => InvokeAsync(input, lambdaContext: null);

    /// <summary>Runs one invocation.</summary>
    /// <param name="input">The envelope, as JSON.</param>
    /// <param name="lambdaContext">The invocation; null if nothing is known of it.</param>
    /// <returns>The answer, as JSON.</returns>
    public async Task<Stream> InvokeAsync(Stream input, ILambdaContext? lambdaContext)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var buffer = new MemoryStream();
        await input.CopyToAsync(buffer).ConfigureAwait(false);
        var envelope = EnvelopeJson.ReadInput(buffer.GetBuffer().AsSpan(0, checked((int)buffer.Length)));
        var output = await InvokeAsync(envelope, lambdaContext).ConfigureAwait(false);
        return new MemoryStream(EnvelopeJson.WriteOutput(output), writable: false);
    }

    /// <summary>Runs one invocation.</summary>
    /// <param name="invocationInput">The envelope.</param>
    /// <param name="lambdaContext">The invocation; null if nothing is known of it.</param>
    /// <param name="cancellationToken">Gives the invocation up.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="DurableServiceException">
    /// The service could not be reached: the invocation must fail.
    /// </exception>
    public abstract Task<DurableExecutionInvocationOutput> InvokeAsync(
        DurableExecutionInvocationInput invocationInput,
        ILambdaContext? lambdaContext = null,
        CancellationToken cancellationToken = default);
}

/// <summary>A workflow with a result as a Lambda handler.</summary>
/// <typeparam name="TInput">The caller's input.</typeparam>
/// <typeparam name="TOutput">The workflow's result.</typeparam>
public sealed class DurableEntryPoint<TInput, TOutput> : DurableEntryPoint
{
    private readonly Func<TInput, IDurableContext, Task<TOutput>> _workflow;

    /// <summary>Makes one.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="options">Null for the defaults.</param>
    public DurableEntryPoint(
        Func<TInput, IDurableContext, Task<TOutput>> workflow, DurableFunctionOptions? options = null) : base(options)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        _workflow = workflow;
    }

    /// <inheritdoc/>
    public override Task<DurableExecutionInvocationOutput> InvokeAsync(
        DurableExecutionInvocationInput invocationInput,
        ILambdaContext? lambdaContext = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(invocationInput);
        return InvocationRun.RunAsync(_workflow, invocationInput, lambdaContext, Options, cancellationToken);
    }
}

/// <summary>A workflow without a result as a Lambda handler.</summary>
/// <typeparam name="TInput">The caller's input.</typeparam>
public sealed class DurableEntryPoint<TInput> : DurableEntryPoint
{
    private readonly Func<TInput, IDurableContext, Task<Nothing>> _workflow;

    /// <summary>Makes one.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="options">Null for the defaults.</param>
    public DurableEntryPoint(Func<TInput, IDurableContext, Task> workflow, DurableFunctionOptions? options = null)
        : base(options)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        _workflow = async (input, context) =>
        {
            await workflow(input, context).ConfigureAwait(false);
            return default;
        };
    }

    /// <inheritdoc/>
    public override Task<DurableExecutionInvocationOutput> InvokeAsync(
        DurableExecutionInvocationInput invocationInput,
        ILambdaContext? lambdaContext = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(invocationInput);
        return InvocationRun.RunAsync(_workflow, invocationInput, lambdaContext, Options, cancellationToken);
    }
}
