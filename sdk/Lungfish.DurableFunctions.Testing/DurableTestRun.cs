using Lungfish.DurableFunctions.Testing.Local;
using Core = Lungfish.Durable;

namespace Lungfish.DurableFunctions.Testing;

/// <summary>An execution in process, which the test can lead step by step.</summary>
/// <remarks>The function begins to run at once; time moves only inside the calls that wait.</remarks>
/// <typeparam name="TOutput">What the function returns.</typeparam>
public sealed class DurableTestRun<TOutput> : IDurableTestRun<TOutput>
{
    private readonly LocalService _service;
    private readonly LocalDriver _driver;
    private readonly LocalExecution _execution;
    private readonly TestLogger _logger;
    private readonly ICheckpointSerializer _serializer;

    internal DurableTestRun(
        LocalService service,
        LocalDriver driver,
        LocalExecution execution,
        TestLogger logger,
        ICheckpointSerializer serializer)
    {
        (_service, _driver, _execution) = (service, driver, execution);
        (_logger, _serializer) = (logger, serializer);
    }

    /// <summary>The execution.</summary>
    public string DurableExecutionArn => _execution.Arn;

    /// <summary>The clock of the test.</summary>
    public VirtualClock Clock => _driver.Clock;

    /// <summary>Lets the run go on, moving time where it must, until a callback waits and no function runs.</summary>
    /// <param name="name">The name of the callback, or of the WaitForCallback around it; null for any.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TestRunStuckException">No such callback comes.</exception>
    public async Task<TestCallback> WaitForCallbackAsync(
        string? name = null, CancellationToken cancellationToken = default)
    {
        TestCallback? callback = null;
        await _driver.RunUntilAsync(
            _execution,
            () => (callback = _driver.FindCallback(_execution, name)) is not null || HasEnded,
            name is null ? "a callback" : $"a callback '{name}'",
            cancellationToken).ConfigureAwait(false);
        return callback ?? throw new TestRunStuckException(
            $"The execution has ended, and no callback {(name is null ? "" : $"'{name}' ")}waits. {Inspect()}");
    }

    /// <summary>Lets the run go on, moving time where it must, until the execution has ended.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TestRunStuckException">It does not end.</exception>
    public async Task<TestResult<TOutput>> WaitForResultAsync(CancellationToken cancellationToken = default)
    {
        await _driver.RunUntilAsync(_execution, () => HasEnded, "its end", cancellationToken).ConfigureAwait(false);
        return Inspect();
    }

    /// <summary>Lets the run go on, moving time where it must, until an operation is there in a certain status. Comes
    /// back while the function runs: to see to it that one branch has come somewhere before another goes on.</summary>
    /// <param name="name">The operation's name.</param>
    /// <param name="status">One of <see cref="OperationStatuses"/>; null for any.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TestRunStuckException">It does not come to that.</exception>
    public async Task<TestOperation> WaitForOperationAsync(
        string name, string? status = null, CancellationToken cancellationToken = default)
    {
        TestOperation? Find() => Inspect().GetOperations(name)
            .FirstOrDefault(operation => status is null || operation.Status == status);

        await _driver.RunUntilAnyMomentAsync(
            _execution,
            () => Find() is not null || HasEnded,
            $"an operation '{name}'{(status is null ? "" : $" that is {status}")}",
            cancellationToken).ConfigureAwait(false);
        return Find() ?? throw new TestRunStuckException(
            $"The execution has ended without an operation '{name}'{(status is null ? "" : $" that is {status}")}. "
            + $"{Inspect()}");
    }

    /// <summary>Waits until no function runs, without moving time: until the execution is suspended or has ended.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<TestResult<TOutput>> WaitUntilSuspendedAsync(CancellationToken cancellationToken = default)
    {
        await _driver.SettleAsync(cancellationToken).ConfigureAwait(false);
        return Inspect();
    }

    /// <summary>Moves time, letting happen on the way whatever falls due, and waits until no function runs.</summary>
    /// <param name="by">Zero or more.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<TestResult<TOutput>> AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        await _driver.AdvanceAsync(by, cancellationToken).ConfigureAwait(false);
        return Inspect();
    }

    /// <summary>
    /// Kills the invocation that runs, as when its process dies: it reaches the service no more, and nothing in it
    /// happens after its next durable operation. The service invokes the function again after a while.
    /// </summary>
    /// <remarks>Code that is on its way to its next durable operation at that moment still runs up to there.</remarks>
    /// <exception cref="InvalidOperationException">No invocation runs.</exception>
    public void KillInvocation()
    {
        if (_service.RunningInvocation(_execution) is not { } invocation)
        {
            throw new InvalidOperationException("No invocation runs: there is none to kill.");
        }

        invocation.Kill();
    }

    /// <summary>Stops the execution; one that has ended stays as it is.</summary>
    /// <param name="error">Why; null: for no reason given.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task StopAsync(ErrorObject? error = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _service.Post(_execution, new Core.Deciding.Stop(WireMapping.ToCore(error)));
        return Task.CompletedTask;
    }

    /// <summary>An extension of Lungfish: resumes an execution that failed, timed out or was stopped, from what
    /// failed.</summary>
    /// <exception cref="DurableServiceException">It has not failed.</exception>
    public void Redrive()
    {
        if (_service.Post(_execution, new Core.Deciding.Redrive()).Refusal is { } refusal)
        {
            throw LocalService.Refused(refusal);
        }
    }

    /// <summary>The execution as it is now.</summary>
    public TestResult<TOutput> Inspect() => new(
        _execution.Arn,
        [.. _service.Read(_execution).History.Select(LocalHistory.ToPublic)],
        [.. _logger.Lines.Where(IsOfThisExecution)],
        _serializer);

    /// <summary>The execution as it is now.</summary>
    /// <param name="cancellationToken">Not needed here.</param>
    public Task<TestResult<TOutput>> InspectAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(Inspect());

    // The runner's other executions write to the same logger; what names no execution is shown with each.
    private bool IsOfThisExecution(TestLogLine line) =>
        !line.Properties.TryGetValue("executionArn", out var arn) || Equals(arn, _execution.Arn);

    private bool HasEnded => _service.Read(_execution).State.Status != Core.DurableStatus.Running;
}
