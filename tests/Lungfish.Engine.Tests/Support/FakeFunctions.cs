using System.Collections.Concurrent;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Durable;

namespace Lungfish.Engine.Tests.Support;

/// <summary>Functions without processes: does what each test says, counts what it was given.</summary>
internal sealed class FakeFunctions : IDurableFunctions
{
    private readonly TaskCompletionSource _never = new();

    public ConcurrentQueue<DurableInvocation> Invoked { get; } = new();

    public ConcurrentQueue<CancellationToken> Tokens { get; } = new();

    public ConcurrentQueue<ChainedInvoke> Chained { get; } = new();

    /// <summary>The code of the function.</summary>
    public Func<DurableInvocation, CancellationToken, Task<InvocationOutcome>> Does { get; set; } =
        (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("null"));

    /// <summary>What chained invokes come to.</summary>
    public Func<ChainedInvoke, CancellationToken, Task<ChainedOutcome>> DoesChained { get; set; } =
        (_, _) => throw new InvalidOperationException("The test expects no chained invoke.");

    public InvokeTarget? FindTarget(string functionName, ulong chance) => functionName == "missing"
        ? null
        : new InvokeTarget(DurableWorld.ArnOf(functionName), "$LATEST", functionName.StartsWith('d'));

    public async Task<InvocationOutcome> InvokeAsync(DurableInvocation invocation, CancellationToken cancellationToken)
    {
        Invoked.Enqueue(invocation);
        Tokens.Enqueue(cancellationToken);
        return await Does(invocation, cancellationToken);
    }

    public async Task<ChainedOutcome> InvokeChainedAsync(ChainedInvoke invoke, CancellationToken cancellationToken)
    {
        Chained.Enqueue(invoke);
        return await DoesChained(invoke, cancellationToken);
    }

    /// <summary>Runs until the engine cancels it.</summary>
    public async Task<T> ForeverAsync<T>(CancellationToken cancellationToken)
    {
        await _never.Task.WaitAsync(cancellationToken);
        throw new InvalidOperationException("Never ends.");
    }
}
