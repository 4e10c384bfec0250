using Lungfish.DurableFunctions;
using Lungfish.DurableFunctions.Testing;

namespace OrderWorkflow.Tests;

/// <summary>The order workflow, without a server, a process or a minute of waiting.</summary>
public sealed class OrderApprovalTests
{
    private const string Approval = "awaiting-approval";
    private static readonly Order s_order = new("order-1", "pond", 2);

    private readonly FakeDesk _desk = new();
    private readonly FakeWarehouse _warehouse = new();

    [Fact]
    public async Task Run_DeskApproves_TheWarehouseTakesTheOrder()
    {
        await using var runner = NewRunner();
        runner.OnCallback(
            Approval,
            callback => callback.SendSuccessAsync(new Verdict(Approved: true, By: "Ada")),
            after: TimeSpan.FromMinutes(2));

        var result = await runner.RunAsync(s_order);

        result.EnsureSucceeded();
        Assert.Equal("processed", result.Result?.Status);
        Assert.Equal(result.GetStep("process_order").GetResult<string>(), result.Result?.Confirmation);
        Assert.Equal(result.GetStep(Approval).CallbackId, Assert.Single(_desk.Asked));
        Assert.Equal(TimeSpan.FromMinutes(2), result.Duration);
        Assert.Equal(2, result.Invocations.Count);
    }

    [Fact]
    public async Task Run_DeskRejects_TheWarehouseIsNotAsked()
    {
        await using var runner = NewRunner();
        runner.OnCallback(
            Approval, callback => callback.SendSuccessAsync(new Verdict(Approved: false, Because: "too wet")));

        var result = await runner.RunAsync(s_order);

        result.EnsureSucceeded();
        Assert.Equal(new Receipt("order-1", "rejected", Reason: "too wet"), result.Result);
        Assert.Null(result.FindStep("process_order"));
        Assert.Equal(0, _warehouse.Calls);
    }

    [Fact]
    public async Task Run_DeskFailsTheCallback_TheExecutionFailsWithItsWords()
    {
        await using var runner = NewRunner();
        runner.OnCallback(Approval, callback => callback.SendFailureAsync("DeskClosed", "It is Sunday."));

        var result = await runner.RunAsync(s_order);

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.Equal("DeskClosed", result.Error?.ErrorType);
        Assert.Contains("It is Sunday.", result.Error?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NobodyAnswers_FailsAfterThreeMinutes()
    {
        await using var runner = NewRunner();

        var result = await runner.RunAsync(s_order);

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.Equal("Callback.Timeout", result.Error?.ErrorType);
        Assert.Equal(OperationStatuses.TimedOut, result.GetStep(Approval).Status);
        Assert.Equal(TimeSpan.FromMinutes(3), result.Duration);
    }

    [Fact]
    public async Task Run_AnswerComesTooLate_IsRefused()
    {
        await using var runner = NewRunner();
        var run = await runner.StartAsync(s_order, cancellationToken: TestContext.Current.CancellationToken);
        var callback = await run.WaitForCallbackAsync(Approval, TestContext.Current.CancellationToken);

        await run.AdvanceAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<DurableServiceException>(
            () => callback.SendSuccessAsync(new Verdict(Approved: true)));

        Assert.Equal("CallbackTimeoutException", refused.ErrorCode);
    }

    [Fact]
    public async Task Run_WarehouseIsBusyTwice_TriesAgainAfterFiveAndTenSeconds()
    {
        _warehouse.BusyFor = 2;
        await using var runner = Approving(NewRunner());

        var result = await runner.RunAsync(s_order);

        result.EnsureSucceeded();
        var step = result.GetStep("process_order");
        Assert.Equal(3, step.Attempts);
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)], step.RetryDelays);
        Assert.Single(_warehouse.Keys.Distinct());
    }

    [Fact]
    public async Task Run_WarehouseIsBusyThreeTimes_FailsWithTheLastError()
    {
        _warehouse.BusyFor = 3;
        await using var runner = Approving(NewRunner());

        var result = await runner.RunAsync(s_order);

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.Equal(typeof(WarehouseBusyException).FullName, result.Error?.ErrorType);
        Assert.Equal(3, result.GetStep("process_order").Attempts);
    }

    [Fact]
    public async Task Run_OrderMakesNoSense_FailsWithoutAskingAnybody()
    {
        await using var runner = NewRunner();

        var result = await runner.RunAsync(s_order with { Quantity = 0 });

        Assert.Equal(typeof(InvalidOrderException).FullName, result.Error?.ErrorType);
        Assert.Equal(1, result.GetStep("validate_order").Attempts);
        Assert.Empty(_desk.Asked);
    }

    [Fact]
    public async Task Run_SameNameAgain_IsTheSameOrder()
    {
        await using var runner = Approving(NewRunner());

        var first = await runner.RunAsync(s_order, "order-1");
        var second = await runner.RunAsync(s_order, "order-1");
        var refused = await Assert.ThrowsAsync<DurableServiceException>(
            () => runner.RunAsync(s_order with { Quantity = 3 }, "order-1"));

        Assert.Equal(first.DurableExecutionArn, second.DurableExecutionArn);
        Assert.Equal(first.Result, second.Result);
        Assert.Equal(1, _warehouse.Calls);
        Assert.Equal("DurableExecutionAlreadyStartedException", refused.ErrorCode);
    }

    [Fact]
    public async Task Run_WithReplays_LogsEachLineOnce()
    {
        _warehouse.BusyFor = 2;
        await using var runner = Approving(NewRunner());

        var result = await runner.RunAsync(s_order);

        Assert.Equal(4, result.Invocations.Count);
        Assert.Equal(
            ["Order order-1 has come in", "Order order-1 is with the desk", "Order order-1 is on its way"],
            result.Logs.Select(line => line.Message));
    }

    [Fact]
    public async Task Run_CrashAnywhere_StillTakesTheOrderOnce()
    {
        var warehouse = _warehouse;
        var crashes = await CrashPoints.RunEachAsync(
            () =>
            {
                warehouse = new FakeWarehouse();
                return Approving(NewRunner(new FakeDesk(), warehouse));
            },
            s_order,
            result =>
            {
                result.EnsureSucceeded();
                Assert.Equal("processed", result.Result?.Status);
                Assert.Single(warehouse.Keys.Distinct());
            });

        // Start and result of three steps, and the callback: seven updates, two crashes at each.
        Assert.Equal(14, crashes);
    }

    private static DurableTestRunner<Order, Receipt> Approving(DurableTestRunner<Order, Receipt> runner)
    {
        runner.OnCallback(Approval, callback => callback.SendSuccessAsync(new Verdict(Approved: true)));
        return runner;
    }

    private static DurableTestRunner<Order, Receipt> NewRunner(IDesk desk, IWarehouse warehouse) => new(
        new OrderApproval(desk, warehouse).RunAsync,
        new DurableTestRunnerOptions { Serializer = new JsonCheckpointSerializer(OrderJson.Default) });

    private DurableTestRunner<Order, Receipt> NewRunner() => NewRunner(_desk, _warehouse);

    private sealed class FakeDesk : IDesk
    {
        public List<string> Asked { get; } = [];

        public Task AskAsync(Order order, string callbackId, CancellationToken cancellationToken)
        {
            Asked.Add(callbackId);
            return Task.CompletedTask;
        }
    }

    private sealed class FakeWarehouse : IWarehouse
    {
        public int BusyFor { get; set; }

        public int Calls { get; private set; }

        public List<string> Keys { get; } = [];

        public Task<string> ProcessAsync(Order order, string idempotencyKey, CancellationToken cancellationToken)
        {
            Keys.Add(idempotencyKey);
            return ++Calls <= BusyFor
                ? throw new WarehouseBusyException("All hands are packing.")
                : Task.FromResult($"W-{idempotencyKey}");
        }
    }
}
