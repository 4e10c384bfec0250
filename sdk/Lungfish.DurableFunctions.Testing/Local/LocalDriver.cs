using Core = Lungfish.Durable;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>
/// Moves a test's time, and hands callbacks to who answers them. Both happen only while somebody waits for the run,
/// and only when no function runs: so what happens at one moment has happened before the next one comes.
/// </summary>
internal sealed class LocalDriver(
    LocalService service, VirtualClock clock, ICheckpointSerializer serializer, bool skipTime, TimeSpan realTimeLimit)
    : ICallbackPort
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Func<TestCallback, Task> Answer, TimeSpan After)> _handlers =
        new(StringComparer.Ordinal);

    private readonly PriorityQueue<(TestCallback Callback, Func<TestCallback, Task> Answer), (DateTimeOffset, long)>
        _answers = new();

    private long _offers;

    public VirtualClock Clock => clock;

    public void OnCallback(string name, Func<TestCallback, Task> answer, TimeSpan after)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        lock (_gate)
        {
            _handlers[name] = (answer, after);
        }
    }

    /// <summary>Takes note of a callback that begins to wait; called under the service's lock.</summary>
    public void Offer(LocalExecution execution, Core.Operation operation)
    {
        var callback = CallbackOf(execution, operation);
        lock (_gate)
        {
            if (callback.Name is { } name && _handlers.TryGetValue(name, out var handler))
            {
                _answers.Enqueue((callback, handler.Answer), (clock.GetUtcNow() + handler.After, ++_offers));
            }
        }
    }

    /// <summary>The first callback that waits, of that name if one is given, or null.</summary>
    public TestCallback? FindCallback(LocalExecution execution, string? name) =>
        service.Read(execution).State.OpenCallbacks
            .Select(operation => CallbackOf(execution, operation))
            .FirstOrDefault(callback => name is null || callback.Name == name);

    /// <summary>Lets the run go on until <paramref name="isThere"/> or until it can go on no more.</summary>
    /// <exception cref="TestRunStuckException">It can go on no more.</exception>
    public async Task RunUntilAsync(
        LocalExecution execution, Func<bool> isThere, string what, CancellationToken cancellationToken)
    {
        while (true)
        {
            await SettleAsync(cancellationToken).ConfigureAwait(false);
            if (isThere())
            {
                return;
            }

            if (!skipTime || Next() is not { } next)
            {
                throw Stuck(execution, what);
            }

            clock.AdvanceTo(next);
        }
    }

    /// <summary>Lets the run go on as above, and looks while functions run too.</summary>
    /// <exception cref="TestRunStuckException">It can go on no more.</exception>
    public async Task RunUntilAnyMomentAsync(
        LocalExecution execution, Func<bool> isThere, string what, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = RunUntilAsync(execution, isThere, what, ended.Token);
        try
        {
            while (!running.IsCompleted)
            {
                var changed = service.Running.NextChangeAsync();
                if (isThere())
                {
                    return;
                }

                await Task.WhenAny(running, changed).ConfigureAwait(false);
            }

            await running.ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Moves the clock, stopping at each moment at which something is due until that has settled.</summary>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        var end = clock.GetUtcNow() + by;
        while (Next() is { } next && next <= end)
        {
            clock.AdvanceTo(next);
            await SettleAsync(cancellationToken).ConfigureAwait(false);
        }

        clock.AdvanceTo(end);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until no function runs and no answer is due.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        do
        {
            try
            {
                await service.Running.WhenIdleAsync(realTimeLimit, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException late)
            {
                throw new TestRunStuckException(
                    $"A function has been running for {realTimeLimit:g} of real time and has not returned. "
                    + "The test's clock stands still while a function runs: a step that waits on that clock has to "
                    + "move it with Advance.",
                    late);
            }
        }
        while (await AnswerNextAsync().ConfigureAwait(false));
    }

    public Task SucceedAsync(string callbackId, string? text, CancellationToken cancellationToken) =>
        Complete(callbackId, sequence => new Core.Deciding.CallbackSucceeded(sequence, text), cancellationToken);

    public Task FailAsync(string callbackId, ErrorObject error, CancellationToken cancellationToken)
    {
        var stored = WireMapping.ToCore(error) ?? Core.ErrorObject.Empty;
        return Complete(
            callbackId, sequence => new Core.Deciding.CallbackFailed(sequence, stored), cancellationToken);
    }

    public Task HeartbeatAsync(string callbackId, CancellationToken cancellationToken) =>
        Complete(callbackId, sequence => new Core.Deciding.CallbackHeartbeat(sequence), cancellationToken);

    private Task Complete(
        string callbackId, Func<int, Core.Deciding.Message> message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (execution, sequence) = service.FindCallback(callbackId);
        var decision = service.Post(execution, message(sequence));
        return decision.Refusal is { } refusal
            ? Task.FromException(LocalService.Refused(refusal))
            : Task.CompletedTask;
    }

    private async Task<bool> AnswerNextAsync()
    {
        (TestCallback Callback, Func<TestCallback, Task> Answer) next;
        lock (_gate)
        {
            if (!_answers.TryPeek(out next, out var place) || place.Item1 > clock.GetUtcNow())
            {
                return false;
            }

            _answers.Dequeue();
        }

        await next.Answer(next.Callback).ConfigureAwait(false);
        return true;
    }

    private DateTimeOffset? Next()
    {
        var due = service.NextDueAt;
        lock (_gate)
        {
            return _answers.TryPeek(out _, out var place) && !(due <= place.Item1) ? place.Item1 : due;
        }
    }

    private TestCallback CallbackOf(LocalExecution execution, Core.Operation operation)
    {
        var context = new SerializationContext(operation.Id, execution.Arn);
        return new TestCallback(
            operation.Callback?.CallbackId ?? "", NameOf(execution, operation), this, serializer, context);
    }

    // The callback inside a WaitForCallback has a name of the SDK's making, if any: the author's is on the context.
    private static string? NameOf(LocalExecution execution, Core.Operation operation) =>
        operation.ParentId is { } parentId
        && execution.State.Find(parentId) is { SubType: OperationSubTypes.WaitForCallback, Name: { } name }
            ? name
            : operation.Name;

    private TestRunStuckException Stuck(LocalExecution execution, string what)
    {
        var state = service.Read(execution).State;
        var open = state.OpenCallbacks.Select(operation => $"callback '{NameOf(execution, operation)}'").ToList();
        var waits = open.Count > 0 ? $"It waits for {string.Join(", ", open)}, which nothing answers." : "";
        var hint = skipTime
            ? ""
            : "Time does not move by itself in this runner (SkipTime is off): move it with AdvanceAsync.";
        return new TestRunStuckException(
            $"The execution is {state.Status} and will not come to {what}. {waits}{hint}".TrimEnd());
    }
}
