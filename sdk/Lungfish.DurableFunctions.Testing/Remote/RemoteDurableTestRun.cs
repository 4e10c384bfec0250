namespace Lungfish.DurableFunctions.Testing.Remote;

/// <summary>An execution on a server, seen through its history.</summary>
internal sealed class RemoteDurableTestRun<TOutput>(
    string executionArn, LambdaApi api, RemoteCallbackHandlers handlers, RemoteDurableTestRunnerOptions options)
    : IDurableTestRun<TOutput>
{
    // A function that is busy in another branch does not return; its callbacks need not wait for that.
    private static readonly TimeSpan s_holdMax = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, DateTimeOffset> _seenAt = new(StringComparer.Ordinal);
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);

    public string DurableExecutionArn => executionArn;

    public async Task<TestCallback> WaitForCallbackAsync(
        string? name = null, CancellationToken cancellationToken = default)
    {
        TestCallback? callback = null;
        var last = await PollAsync(
            result => result.Status != ExecutionStatus.Running
                || (callback = OpenCallbacks(result).FirstOrDefault(open => name is null || open.Name == name))
                    is not null,
            name is null ? "a callback" : $"a callback '{name}'",
            cancellationToken).ConfigureAwait(false);
        return callback ?? throw new TestRunStuckException(
            $"The execution has ended, and no callback {(name is null ? "" : $"'{name}' ")}waits. {last}");
    }

    public Task<TestResult<TOutput>> WaitForResultAsync(CancellationToken cancellationToken = default) =>
        PollAsync(result => result.Status != ExecutionStatus.Running, "its end", cancellationToken);

    public Task StopAsync(ErrorObject? error = null, CancellationToken cancellationToken = default) =>
        api.StopAsync(executionArn, error, cancellationToken);

    public async Task<TestResult<TOutput>> InspectAsync(CancellationToken cancellationToken = default) => new(
        executionArn,
        await api.ReadHistoryAsync(executionArn, cancellationToken).ConfigureAwait(false),
        [],
        options.Serializer);

    private async Task<TestResult<TOutput>> PollAsync(
        Func<TestResult<TOutput>, bool> isThere, string what, CancellationToken cancellationToken)
    {
        var deadline = options.TimeProvider.GetUtcNow() + options.Timeout;
        while (true)
        {
            var result = await InspectAsync(cancellationToken).ConfigureAwait(false);
            if (isThere(result))
            {
                return result;
            }

            if (options.TimeProvider.GetUtcNow() >= deadline)
            {
                var open = OpenCallbacks(result).Where(callback => !_answered.Contains(callback.Id))
                    .Select(callback => $"callback '{callback.Name}'").ToList();
                var waits = open.Count > 0 ? $"It waits for {string.Join(", ", open)}, which nothing answers. " : "";
                throw new TestRunStuckException(
                    $"The execution has not come to {what} in {options.Timeout:g}. {waits}{result}");
            }

            await AnswerAsync(result).ConfigureAwait(false);
            await Task.Delay(options.PollInterval, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(TestResult<TOutput> result)
    {
        var now = options.TimeProvider.GetUtcNow();
        foreach (var callback in OpenCallbacks(result).Where(callback => !_answered.Contains(callback.Id)))
        {
            if (handlers.Find(callback.Name) is { } handler && now - _seenAt[callback.Id] >= handler.After)
            {
                _answered.Add(callback.Id);
                await handler.Answer(callback).ConfigureAwait(false);
            }
        }
    }

    private IEnumerable<TestCallback> OpenCallbacks(TestResult<TOutput> result) => result.Operations
        .Where(operation => operation is { CallbackId: not null, Status: OperationStatuses.Started })
        .Where(operation => HasSettled(operation, result))
        .Select(operation => new TestCallback(
            operation.CallbackId ?? "",
            NameOf(operation, result),
            api,
            options.Serializer,
            new SerializationContext(operation.Id, executionArn)));

    /// <summary>Whether the invocation that made a callback has returned: who answers sooner gets, by luck, one history
    /// or another.</summary>
    private bool HasSettled(TestOperation callback, TestResult<TOutput> result)
    {
        var now = options.TimeProvider.GetUtcNow();
        var id = callback.CallbackId ?? "";
        _seenAt.TryAdd(id, now);
        return now - _seenAt[id] >= s_holdMax
            || result.Events.Any(happened => happened.EventType == HistoryEventTypes.InvocationCompleted
                && happened.EventId > callback.Events[0].EventId);
    }

    // The callback inside a WaitForCallback has a name of the SDK's making, if any: the author's is on the context.
    private static string? NameOf(TestOperation operation, TestResult<TOutput> result)
    {
        var parent = result.Operations.FirstOrDefault(other => other.Id == operation.ParentId);
        return parent is { SubType: OperationSubTypes.WaitForCallback, Name: { } name } ? name : operation.Name;
    }
}

/// <summary>Who answers callbacks, by their names.</summary>
internal sealed class RemoteCallbackHandlers
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Func<TestCallback, Task> Answer, TimeSpan After)> _byName =
        new(StringComparer.Ordinal);

    public void Set(string name, Func<TestCallback, Task> answer, TimeSpan after)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        lock (_gate)
        {
            _byName[name] = (answer, after);
        }
    }

    public (Func<TestCallback, Task> Answer, TimeSpan After)? Find(string? name)
    {
        lock (_gate)
        {
            return name is not null && _byName.TryGetValue(name, out var handler) ? handler : null;
        }
    }
}
