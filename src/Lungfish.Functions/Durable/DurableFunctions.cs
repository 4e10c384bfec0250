using Lungfish.Durable.Deciding;
using Lungfish.Engine;
using Lungfish.Engine.Durable;
using Lungfish.Functions.Invoking;
using Lungfish.Functions.Registry;
using FunctionInvocation = Lungfish.Functions.Invoking.Invocation;

namespace Lungfish.Functions.Durable;

/// <summary>What the engine needs of functions to run durable executions.</summary>
internal sealed class DurableFunctions(
    FunctionDirectory directory, FunctionRunner runner, ChainedInvokes chained, TimeProvider time) : IDurableFunctions
{
    private static readonly TimeSpan ThrottledWait = TimeSpan.FromSeconds(1);

    public InvokeTarget? FindTarget(string functionName, ulong chance)
    {
        FunctionReference reference;
        try
        {
            reference = FunctionReference.Parse(functionName, qualifier: null, directory.Account);
        }
        catch (ApiException)
        {
            return null; // Not a name, or of another account or region: there is no such function here.
        }

        if (directory.Choose(reference, chance) is not { } target)
        {
            return null;
        }

        var isUnqualified = target.Durable is not null && reference.Qualifier is null;
        return new InvokeTarget(
            directory.ArnOf(target),
            target.Version,
            IsDurable: target.Durable is not null,
            isUnqualified ? ChainedInvokes.ErrorOf(LambdaErrors.UnqualifiedDurableFunction()) : null);
    }

    public async Task<InvocationOutcome> InvokeAsync(DurableInvocation invocation, CancellationToken cancellationToken)
    {
        var function = FunctionReference.Parse(invocation.Execution.FunctionArn, qualifier: null, directory.Account);
        if (directory.Choose(function, chance: 0) is not { } version)
        {
            return new InvocationFaulted(
                ChainedInvokes.ErrorOf(LambdaErrors.FunctionNotFound(invocation.Execution.FunctionArn)));
        }

        var envelope = EnvelopeWriter.Write(invocation);
        while (true)
        {
            try
            {
                return OutcomeReader.Read(await RunAsync(version, envelope, invocation, cancellationToken));
            }
            catch (ApiException e) when (e.HttpStatus == 429)
            {
                await Task.Delay(ThrottledWait, time, cancellationToken);
            }
            catch (ApiException e) when (e.HttpStatus == 503)
            {
                return new InvocationLost(ChainedInvokes.ErrorOf(e)); // The server stops.
            }
            catch (ApiException e)
            {
                return new InvocationFaulted(ChainedInvokes.ErrorOf(e));
            }
        }
    }

    public Task<ChainedOutcome> InvokeChainedAsync(ChainedInvoke invoke, CancellationToken cancellationToken) =>
        chained.InvokeAsync(invoke, cancellationToken);

    private Task<FunctionOutcome> RunAsync(
        FunctionConfiguration version,
        ReadOnlyMemory<byte> envelope,
        DurableInvocation invocation,
        CancellationToken cancellationToken)
    {
        var run = new FunctionInvocation(
            envelope,
            new InvokeOptions
            {
                RequestId = invocation.RequestId,
                // An execution does not remember its tenant; by itself it meets none.
                Isolation = version.IsolatesTenants ? invocation.Execution.Arn : null,
            },
            invocation.Execution.FunctionArn, // Qualified with the version that it began on.
            time.GetUtcNow(),
            time.GetTimestamp());
        return runner.RunAsync(version, run, cancellationToken);
    }
}
