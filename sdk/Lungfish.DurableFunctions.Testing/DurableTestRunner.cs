using Lungfish.DurableFunctions.Testing.Local;

namespace Lungfish.DurableFunctions.Testing;

/// <summary>Makes runners without naming their types.</summary>
public static class DurableTestRunner
{
    /// <summary>A runner for a function that returns something.</summary>
    /// <typeparam name="TInput">What the function is given.</typeparam>
    /// <typeparam name="TOutput">What it returns.</typeparam>
    /// <param name="handler">The function.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    public static DurableTestRunner<TInput, TOutput> For<TInput, TOutput>(
        Func<TInput, IDurableContext, Task<TOutput>> handler, DurableTestRunnerOptions? options = null) =>
        new(handler, options);

    /// <summary>A runner for a function that returns nothing.</summary>
    /// <typeparam name="TInput">What the function is given.</typeparam>
    /// <param name="handler">The function.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    public static DurableTestRunner<TInput, object?> For<TInput>(
        Func<TInput, IDurableContext, Task> handler, DurableTestRunnerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new DurableTestRunner<TInput, object?>(
            (wrapped, own) => new DurableEntryPoint<TInput>(
                (input, context) => handler(input, wrapped(context)), own),
            options);
    }
}

/// <summary>
/// Runs a durable function in process, under the very rules by which the Lungfish server runs it, on a clock of the
/// test's own: a wait of thirty days takes milliseconds.
/// </summary>
/// <remarks>
/// One runner may run many executions; they share its clock. Whatever it is given - overrides, faults, functions,
/// answers - holds for what is started afterwards.
/// </remarks>
/// <typeparam name="TInput">What the function is given.</typeparam>
/// <typeparam name="TOutput">What it returns.</typeparam>
public sealed class DurableTestRunner<TInput, TOutput> : IDurableTestRunner<TInput, TOutput>
{
    private readonly DurableTestRunnerOptions _options;
    private readonly LocalService _service;
    private readonly LocalDriver _driver;
    private readonly TestLogger _logger;
    private readonly DurableLocalFunction _function;
    private readonly StepOverrides _overrides = new();
    private readonly FaultPlan _faults = new();

    /// <summary>Makes a runner.</summary>
    /// <param name="handler">The function.</param>
    /// <param name="options">How it runs; null for the defaults. Changes made later are not seen.</param>
    public DurableTestRunner(
        Func<TInput, IDurableContext, Task<TOutput>> handler, DurableTestRunnerOptions? options = null)
        : this(
            (wrapped, own) => new DurableEntryPoint<TInput, TOutput>(
                (input, context) => handler(input, wrapped(context)), own),
            options) => ArgumentNullException.ThrowIfNull(handler);

    internal DurableTestRunner(
        Func<Func<IDurableContext, IDurableContext>, DurableFunctionOptions, DurableEntryPoint> entryPoint,
        DurableTestRunnerOptions? options)
    {
        _options = options ?? new DurableTestRunnerOptions();
        Clock = new VirtualClock(_options.StartTime);
        _logger = new TestLogger(Clock, _options.Logger);
        _service = new LocalService(Clock, unchecked((ulong)_options.Seed), Limits(_options));
        _driver = new LocalDriver(
            _service, Clock, _options.Serializer, _options.SkipTime, _options.RealTimeLimit);
        _service.CallbackOffered = _driver.Offer;
        _function = Durable(_options.FunctionName, own => entryPoint(_overrides.Around, own));
        _service.Functions.Register(_function);
    }

    /// <summary>The clock of the test. Hand it to code that tells the time, or call <see cref="VirtualClock.Advance"/>
    /// in a step that is to take a while.</summary>
    public VirtualClock Clock { get; }

    /// <summary>Registers a plain function that the function under test invokes.</summary>
    /// <typeparam name="TPayload">What it is given.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="name">Its name; any form of address that names it leads to it.</param>
    /// <param name="handler">What it does. An exception is its error.</param>
    /// <returns>This runner.</returns>
    public DurableTestRunner<TInput, TOutput> RegisterFunction<TPayload, TResult>(
        string name, Func<TPayload, Task<TResult>> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(handler);
        var plain = LocalFunction.NameOf(name);
        var context = new SerializationContext("", $"function:{plain}");
        var serializer = _options.Serializer;
        _service.Functions.Register(new PlainLocalFunction(plain, async input => serializer.Serialize(
            await handler(serializer.Deserialize<TPayload>(input ?? "null", context)).ConfigureAwait(false),
            context)));
        return this;
    }

    /// <summary>Registers a durable function that the function under test invokes. It is an execution of its own.
    /// </summary>
    /// <typeparam name="TPayload">What it is given.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="name">Its name. Whoever invokes it must qualify it, such as <c>name:$LATEST</c>, as on the server.
    /// </param>
    /// <param name="handler">The function.</param>
    /// <returns>This runner.</returns>
    public DurableTestRunner<TInput, TOutput> RegisterDurableFunction<TPayload, TResult>(
        string name, Func<TPayload, IDurableContext, Task<TResult>> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(handler);
        _service.Functions.Register(Durable(
            LocalFunction.NameOf(name), own => new DurableEntryPoint<TPayload, TResult>(handler, own)));
        return this;
    }

    /// <summary>Puts another body in the place of every step of a name.</summary>
    /// <typeparam name="T">What the step returns.</typeparam>
    /// <param name="name">The step's name.</param>
    /// <param name="body">Runs instead; retries, serialization and history are the step's own.</param>
    /// <returns>This runner.</returns>
    public DurableTestRunner<TInput, TOutput> OverrideStep<T>(
        string name, Func<IStepContext, CancellationToken, Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _overrides.Set(name, body);
        return this;
    }

    /// <summary>Puts another body in the place of every step of a name that returns nothing.</summary>
    /// <param name="name">The step's name.</param>
    /// <param name="body">Runs instead; retries and history are the step's own.</param>
    /// <returns>This runner.</returns>
    public DurableTestRunner<TInput, TOutput> OverrideStep(
        string name, Func<IStepContext, CancellationToken, Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _overrides.Set(name, body);
        return this;
    }

    /// <summary>Puts a value in the place of the body of every step of a name.</summary>
    /// <typeparam name="T">What the step returns.</typeparam>
    /// <param name="name">The step's name.</param>
    /// <param name="result">What it returns instead.</param>
    /// <returns>This runner.</returns>
    public DurableTestRunner<TInput, TOutput> OverrideStepResult<T>(string name, T result) =>
        OverrideStep(name, (_, _) => Task.FromResult(result));

    /// <summary>Lets a checkpoint go wrong, in whatever execution comes to it first.</summary>
    /// <param name="kind">What goes wrong.</param>
    /// <param name="place">Where.</param>
    /// <param name="times">How often, at least once.</param>
    /// <returns>The fault, which tells whether it has happened.</returns>
    public InjectedFault Inject(FaultKind kind, CheckpointPlace place, int times = 1) =>
        _faults.Add(kind, place, times);

    /// <summary>Answers each callback of a name, from now on.</summary>
    /// <param name="name">The name of the callback, or of the WaitForCallback around it.</param>
    /// <param name="answer">Completes it, fails it, sends a heartbeat, or leaves it be. Called when no function runs.
    /// </param>
    /// <param name="after">How long after the callback began to wait, by the test's clock; null: at once.</param>
    public void OnCallback(string name, Func<TestCallback, Task> answer, TimeSpan? after = null) =>
        _driver.OnCallback(name, answer, after ?? TimeSpan.Zero);

    /// <summary>Starts an execution and lets it go on, moving time where it must, until it has ended.</summary>
    /// <param name="input">What the function is given.</param>
    /// <param name="name">The execution's name; the same name and input again give the execution that there is. Null
    /// for a name that is new.</param>
    /// <param name="cancellationToken">Ends the waiting, not the execution.</param>
    /// <exception cref="TestRunStuckException">It does not end.</exception>
    /// <exception cref="DurableServiceException">The name is taken by an execution of another input.</exception>
    public async Task<TestResult<TOutput>> RunAsync(
        TInput input, string? name = null, CancellationToken cancellationToken = default)
    {
        var run = await StartAsync(input, name, cancellationToken).ConfigureAwait(false);
        return await run.WaitForResultAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts an execution, to be led by the test. The function begins to run; time stands still.</summary>
    /// <param name="input">What the function is given.</param>
    /// <param name="name">The execution's name; the same name and input again give the execution that there is. Null
    /// for a name that is new.</param>
    /// <param name="cancellationToken">Asked before the start.</param>
    /// <exception cref="DurableServiceException">The name is taken by an execution of another input.</exception>
    public Task<DurableTestRun<TOutput>> StartAsync(
        TInput input, string? name = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Start(input, name));
    }

    /// <summary>Nothing to release; here so that tests can treat all runners alike.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<IDurableTestRun<TOutput>> IDurableTestRunner<TInput, TOutput>.StartAsync(
        TInput input, string? name, CancellationToken cancellationToken) =>
        await StartAsync(input, name, cancellationToken).ConfigureAwait(false);

    private DurableTestRun<TOutput> Start(TInput input, string? name)
    {
        var text = _options.Serializer.Serialize(input, new SerializationContext("", _function.Arn));
        var execution = _service.Start(_function, name, text, _faults);
        return new DurableTestRun<TOutput>(_service, _driver, execution, _logger, _options.Serializer);
    }

    private static LocalLimits Limits(DurableTestRunnerOptions options)
    {
        const int LongestSeconds = 31_622_400;
        var timeout = options.ExecutionTimeout ?? TimeSpan.FromSeconds(LongestSeconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.FromSeconds(1), nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout.TotalSeconds, LongestSeconds, nameof(options));
        return new LocalLimits(
            (int)Math.Ceiling(timeout.TotalSeconds), options.ExecutionTimeout is not null, options.FunctionTimeout);
    }

    private DurableLocalFunction Durable(string name, Func<DurableFunctionOptions, DurableEntryPoint> entryPoint)
    {
        var function = new SdkFunction(
            entryPoint, FunctionOptions, _options.OperationsPerPage, Clock, _options.FunctionTimeout);
        return new DurableLocalFunction(name, function.InvokeAsync);
    }

    private DurableFunctionOptions FunctionOptions()
    {
        var own = new DurableFunctionOptions
        {
            Serializer = _options.Serializer,
            Logger = _logger,
            TimeProvider = Clock,
        };
        foreach (var plugin in _options.Plugins)
        {
            own.Plugins.Add(plugin);
        }

        return own;
    }
}
