using System.Text;

namespace Lungfish.DurableFunctions;

/// <summary>What a child context runs and keeps.</summary>
internal sealed class ChildBody<T>
{
    /// <summary>
    /// The body; gets its context, and what is known of it if it only rebuilds a result that is known.
    /// </summary>
    public required Func<DurableContext, Operation?, CancellationToken, Task<T>> Run { get; init; }

    public ICheckpointSerializer? Serializer { get; init; }

    /// <summary>Makes the exception that the author sees from the error that the checkpoint keeps.</summary>
    public required Func<ErrorObject, Exception> Failure { get; init; }

    /// <summary>What is kept of a result that is too large.</summary>
    public Func<T, string>? Summarize { get; init; }

    /// <summary>The result is made of parts that a replay will see just so.</summary>
    public bool IsRereadAlready { get; init; }

    /// <summary>No operation of its own.</summary>
    public bool IsFlat { get; init; }
}

/// <summary>A body with operations of its own below it, whose result is kept as one.</summary>
internal sealed class ChildContextOperation<T>(
    DurableContext context, OperationKey key, ChildBody<T> body, CancellationToken cancellationToken)
    : DurableOperation<T>(context.Scope, key, cancellationToken)
{
    // Documented for the field's SDKs: a larger result is not kept, and replay runs the body again over its children.
    private const int ResultBytesMax = 256 * 1024;

    /// <summary>The result as it was written or read; null if it was neither.</summary>
    public string? Payload { get; private set; }

    protected override bool IsKnownResult(Operation known) =>
        known.IsTerminal && known.ContextDetails is not { ReplayChildren: true };

    protected override T ResultOf(Operation ended)
    {
        if (ended.Status != OperationStatuses.Succeeded)
        {
            throw body.Failure(ended.ContextDetails?.Error ?? new ErrorObject());
        }

        Payload = ended.ContextDetails?.Result;
        return Invocation.Read<T>(body.Serializer, Payload, Key.Id);
    }

    protected override async Task<T> ExecuteAsync(Operation? known)
    {
        if (known is null && !body.IsFlat)
        {
            await StoreStartAsync(known, Key.Update(OperationActions.Start), first: false).ConfigureAwait(false);
        }

        var rebuilt = known is { IsTerminal: true } ? known : null;
        T result;
        try
        {
            result = await RunBodyAsync(known, rebuilt).ConfigureAwait(false);
            if (rebuilt is null && !body.IsFlat)
            {
                Payload = Write(ref result);
            }
        }
        catch (OperationCanceledException) when (CancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // A border: the author's code may throw anything, and that is the context's failure.
            var error = ErrorObject.FromException(e);
            if (rebuilt is not null || body.IsFlat)
            {
                Invocation.Plugins.ContextEnded(Key, error, rebuilt is not null);
            }
            else
            {
                await StoreAsync(Key.Fail(error)).ConfigureAwait(false);
            }

            throw body.Failure(error);
        }

        if (rebuilt is not null || body.IsFlat)
        {
            Invocation.Plugins.ContextEnded(Key, error: null, rebuilt is not null);
        }
        else if (IsTooLarge(Payload))
        {
            await StoreAsync(Key.Succeed(body.Summarize?.Invoke(result) ?? "", replayChildren: true))
                .ConfigureAwait(false);
        }
        else
        {
            await StoreAsync(Key.Succeed(Payload)).ConfigureAwait(false);
        }

        return result;
    }

    private string? Write(ref T result)
    {
        if (body.IsRereadAlready)
        {
            return Invocation.Write(body.Serializer, result, Key.Id);
        }

        var reread = result;
        var text = Invocation.WriteAndReread(body.Serializer, ref reread, Key.Id);

        // One that is too large is rebuilt on replay, never read.
        result = IsTooLarge(text) ? result : reread;
        return text;
    }

    private static bool IsTooLarge(string? text) =>
        text is not null && text.Length > ResultBytesMax / 3 && Encoding.UTF8.GetByteCount(text) > ResultBytesMax;

    private async Task<T> RunBodyAsync(Operation? known, Operation? rebuilt)
    {
        var child = context.Child(Key.Id, body.IsFlat ? Key.ParentId : Key.Id, isRerun: rebuilt is not null);
        using var token = LinkedToken.Of(CancellationToken, Invocation.Shutdown);
        var started = Invocation.Plugins.FunctionStarted(
            Key, attempt: null, known is not null, isReplayingChildren: child.Scope.IsReplaying);
        Ambient.Enter(child.Scope);
        Invocation.BeginBody(child.Scope);
        try
        {
            var running = body.Run(child, rebuilt, token.Token);
            if (!running.IsCompleted)
            {
                // From here on the body counts for itself. When it ends it is at work, so there is no gap.
                Invocation.Exit();
                await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Invocation.Enter();
            }

            var result = await running.ConfigureAwait(false);
            Invocation.Plugins.FunctionEnded(started, failure: null);
            return result;
        }
        catch (Exception e)
        {
            Invocation.Plugins.FunctionEnded(started, e);
            throw;
        }
        finally
        {
            Invocation.EndBody(child.Scope);
        }
    }
}
