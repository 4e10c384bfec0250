namespace Lungfish.DurableFunctions;

internal static class InvocationRun
{
    public static Task<DurableExecutionInvocationOutput> RunAsync<TInput, TOutput>(
        Func<TInput, IDurableContext, Task<TOutput>> workflow,
        DurableExecutionInvocationInput input,
        ILambdaContext? lambdaContext,
        DurableFunctionOptions options,
        CancellationToken cancellationToken) => throw new NotSupportedException("Arrives with the next push.");
}
