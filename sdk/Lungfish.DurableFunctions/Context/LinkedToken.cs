namespace Lungfish.DurableFunctions;

/// <summary>A token that is cancelled with either of two; nothing is made if one of them never is.</summary>
internal readonly struct LinkedToken : IDisposable
{
    private readonly CancellationTokenSource? _source;

    private LinkedToken(CancellationToken token, CancellationTokenSource? source) => (Token, _source) = (token, source);

    public CancellationToken Token { get; }

    public static LinkedToken Of(CancellationToken first, CancellationToken second)
    {
        if (!first.CanBeCanceled || first == second)
        {
            return new LinkedToken(second, source: null);
        }

        var source = CancellationTokenSource.CreateLinkedTokenSource(first, second);
        return new LinkedToken(source.Token, source);
    }

    public void Dispose() => _source?.Dispose();
}
