namespace Lungfish.DurableFunctions;

/// <summary>One invocation, as the Runtime API hands it out.</summary>
internal sealed record RuntimeInvocation(string RequestId, ILambdaContext Context, ReadOnlyMemory<byte> Event);

/// <summary>The client's side of the Lambda Runtime API, version 2018-06-01.</summary>
internal interface IRuntimeApi : IDisposable
{
    /// <returns>Null when the platform has gone, or wants this program to end.</returns>
    Task<RuntimeInvocation?> NextAsync(CancellationToken cancellationToken);

    Task AnswerAsync(RuntimeInvocation invocation, byte[] answer, CancellationToken cancellationToken);

    Task ReportErrorAsync(RuntimeInvocation invocation, byte[] error, CancellationToken cancellationToken);

    Task ReportInitErrorAsync(byte[] error, CancellationToken cancellationToken);
}
