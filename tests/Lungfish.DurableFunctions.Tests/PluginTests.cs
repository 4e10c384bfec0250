namespace Lungfish.DurableFunctions.Tests;

public sealed class PluginTests
{
    private readonly FakeService _service = new();
    private readonly Recorder _recorder = new();

    [Fact]
    public async Task Hooks_OfAStep_AreToldInOrder()
    {
        await _service.InvokeAsync(
            context => context.StepAsync((_, _) => Task.FromResult("x"), "greet"),
            options => options.Plugins.Add(_recorder));

        Assert.Equal(
            [
                "invocation start first=True", "start 1 STEP replay=False", "function 1 attempt=1",
                "function 1 attempt=1 Succeeded", "end 1 STEP SUCCEEDED \"x\" ", "change 1 SUCCEEDED of 1",
                "invocation end Succeeded",
            ],
            _recorder.Told);
    }

    [Fact]
    public async Task Hooks_OfARetriedStep_NumberAttemptsAndEndOnce()
    {
        await _service.RunToEndAsync(
            context => context.StepAsync(
                (step, _) => step.AttemptNumber < 2 ? throw new TimeoutException("late") : Task.FromResult(1)),
            options => options.Plugins.Add(_recorder));

        Assert.Equal(
            [
                "invocation start first=True", "start 1 STEP replay=False", "function 1 attempt=1",
                "function 1 attempt=1 Failed late", "change 1 PENDING of 1", "invocation end Pending",
                "invocation start first=False", "start 1 STEP replay=True", "start 1 STEP replay=True",
                "function 1 attempt=2", "function 1 attempt=2 Succeeded", "end 1 STEP SUCCEEDED 1 ",
                "change 1 SUCCEEDED of 1", "invocation end Succeeded",
            ],
            _recorder.Told);
    }

    [Fact]
    public async Task Hooks_OfAWaitThatEndedBetweenInvocations_AreToldAtTheStart()
    {
        static async Task<int> Workflow(IDurableContext context)
        {
            await context.WaitAsync(TimeSpan.FromSeconds(2));
            return 1;
        }

        void Configure(DurableFunctionOptions options) => options.Plugins.Add(_recorder);
        await _service.InvokeAsync(Workflow, Configure);
        _service.Advance(TimeSpan.FromSeconds(2));
        _recorder.Told.Clear();
        await _service.InvokeAsync(Workflow, Configure, "1");

        Assert.Equal(
            ["invocation start first=False updated=1", "end 1 WAIT SUCCEEDED  ", "invocation end Succeeded"],
            _recorder.Told);
    }

    [Fact]
    public async Task Hooks_OfBranches_NameTheParallelAsParent()
    {
        await _service.InvokeAsync(
            async context => (await context.ParallelAsync(
                [(_, _) => Task.FromResult(1)], config: new ParallelConfig { MaxConcurrency = 1 })).SuccessCount,
            options => options.Plugins.Add(_recorder));

        var branch = Assert.Single(_recorder.Functions, info => info.SubType == OperationSubTypes.ParallelBranch);
        Assert.Equal(("1-1", "1", false), (branch.Id, branch.ParentId, branch.IsReplayingChildren));
    }

    [Fact]
    public async Task Hooks_OfAFailedExecution_CarryTheError()
    {
        await _service.InvokeAsync<int>(
            context => context.StepAsync<int>(
                (_, _) => throw new FormatException("boom"),
                config: new StepConfig { RetryStrategy = RetryStrategy.None }),
            options => options.Plugins.Add(_recorder));

        Assert.Contains("end 1 STEP FAILED  boom", _recorder.Told);
        Assert.Equal("invocation end Failed boom", _recorder.Told[^1]);
    }

    [Fact]
    public async Task Hooks_OneThrows_WorkAndOthersGoOn()
    {
        var output = await _service.InvokeAsync(
            context => context.StepAsync((_, _) => Task.FromResult(1)),
            options =>
            {
                options.Plugins.Add(new Faulty());
                options.Plugins.Add(_recorder);
                options.Logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
            });

        Assert.Equal("1", output.Result);
        Assert.Equal(7, _recorder.Told.Count);
    }

    [Fact]
    public async Task UserFunctionStart_AsyncLocal_IsSeenByTheFunction()
    {
        string? seen = null;
        await _service.InvokeAsync(
            context => context.StepAsync((_, _) => Task.FromResult(seen = Recorder.Current.Value)),
            options => options.Plugins.Add(_recorder));

        Assert.Equal("1", seen);
    }

    private sealed class Recorder : DurableInstrumentationPlugin
    {
        public static readonly AsyncLocal<string> Current = new();

        public List<string> Told { get; } = [];

        public List<UserFunctionStartInfo> Functions { get; } = [];

        public override void OnInvocationStart(InvocationStartInfo info) => Told.Add(
            $"invocation start first={info.IsFirstInvocation}"
            + (info.UpdatedOperations.Count > 0 ? $" updated={string.Join(',', info.UpdatedOperations.Keys)}" : ""));

        public override void OnInvocationEnd(InvocationEndInfo info) =>
            Told.Add($"invocation end {info.Status} {info.ExecutionError?.ErrorMessage}".TrimEnd());

        public override void OnOperationStart(OperationStartInfo info) =>
            Told.Add($"start {info.Id} {info.Type} replay={info.IsReplay}");

        public override void OnOperationEnd(OperationEndInfo info) =>
            Told.Add($"end {info.Id} {info.Type} {info.Status} {info.Result} {info.Error?.ErrorMessage}");

        // Whether the service shows a start by itself, or together with the end, is a matter of luck.
        public override void OnOperationChange(OperationChangeInfo info) => Told.AddRange(
            info.UpdatedOperations.Values.Where(operation => operation.Status != OperationStatuses.Started).Select(
                operation => $"change {operation.Id} {operation.Status} of {info.Operations.Count}"));

        public override void OnUserFunctionStart(UserFunctionStartInfo info)
        {
            Current.Value = info.Id;
            Functions.Add(info);
            Told.Add($"function {info.Id} attempt={info.Attempt}");
        }

        public override void OnUserFunctionEnd(UserFunctionEndInfo info) => Told.Add(
            $"function {info.Id} attempt={info.Attempt} {info.Outcome} {info.Error?.ErrorMessage}".TrimEnd());
    }

    private sealed class Faulty : DurableInstrumentationPlugin
    {
        public override void OnInvocationStart(InvocationStartInfo info) => throw new FormatException();

        public override void OnInvocationEnd(InvocationEndInfo info) => throw new FormatException();

        public override void OnOperationStart(OperationStartInfo info) => throw new FormatException();

        public override void OnOperationEnd(OperationEndInfo info) => throw new FormatException();

        public override void OnOperationChange(OperationChangeInfo info) => throw new FormatException();

        public override void OnUserFunctionStart(UserFunctionStartInfo info) => throw new FormatException();

        public override void OnUserFunctionEnd(UserFunctionEndInfo info) => throw new FormatException();
    }
}
