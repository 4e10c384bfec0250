using Lungfish.DurableFunctions;
using Lungfish.DurableFunctions.Testing;

namespace OrderWorkflow.Tests;

/// <summary>Tests that do not know where the workflow runs: each has a runner in process and one on a server.</summary>
public abstract class OrderScenarios
{
    private const string Approval = "awaiting-approval";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Approved_IsProcessed()
    {
        await using var runner = NewRunner();
        runner.OnCallback(Approval, callback => callback.SendSuccessAsync(new Verdict(Approved: true, By: "Ada")));

        var result = await runner.RunAsync(new Order("order-7", "pond", 2), cancellationToken: Cancelled);

        result.EnsureSucceeded();
        Assert.Equal("processed", result.Result?.Status);
        Assert.StartsWith("W-order-7-", result.Result?.Confirmation, StringComparison.Ordinal);
        Assert.Equal(result.GetStep("process_order").GetResult<string>(), result.Result?.Confirmation);
        Assert.Equal(
            ["validate_order", Approval, "send_for_approval", "process_order"],
            result.Operations.Select(operation => operation.Name));
        Assert.Equal(
            [
                HistoryEventTypes.ExecutionStarted, HistoryEventTypes.StepStarted, HistoryEventTypes.StepSucceeded,
                HistoryEventTypes.CallbackStarted, HistoryEventTypes.StepStarted, HistoryEventTypes.StepSucceeded,
                HistoryEventTypes.InvocationCompleted, HistoryEventTypes.CallbackSucceeded,
                HistoryEventTypes.StepStarted, HistoryEventTypes.StepSucceeded,
                HistoryEventTypes.InvocationCompleted, HistoryEventTypes.ExecutionSucceeded,
            ],
            result.Events.Select(happened => happened.EventType));
    }

    [Fact]
    public async Task Run_Rejected_SaysWhy()
    {
        await using var runner = NewRunner();
        var run = await runner.StartAsync(new Order("order-8", "pond", 2), cancellationToken: Cancelled);
        var callback = await run.WaitForCallbackAsync(Approval, Cancelled);

        await callback.SendSuccessAsync(new Verdict(Approved: false, Because: "too wet"), Cancelled);
        var result = await run.WaitForResultAsync(Cancelled);

        Assert.Equal(new Receipt("order-8", "rejected", Reason: "too wet"), result.EnsureSucceeded().Result);
    }

    [Fact]
    public async Task Run_CallbackFailed_FailsWithItsError()
    {
        await using var runner = NewRunner();
        runner.OnCallback(Approval, callback => callback.SendFailureAsync("DeskClosed", "It is Sunday."));

        var result = await runner.RunAsync(new Order("order-9", "pond", 2), cancellationToken: Cancelled);

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.Equal("DeskClosed", result.Error?.ErrorType);
        Assert.Equal(OperationStatuses.Failed, result.GetStep(Approval).Status);
    }

    [Fact]
    public async Task Run_OrderMakesNoSense_FailsWithItsError()
    {
        await using var runner = NewRunner();

        var result = await runner.RunAsync(new Order("order-10", "", 2), cancellationToken: Cancelled);

        Assert.Equal(typeof(InvalidOrderException).FullName, result.Error?.ErrorType);
        Assert.Equal("Order order-10 names no item.", result.Error?.ErrorMessage);
    }

    [Fact]
    public async Task Start_SameNameAgain_IsTheSameExecution()
    {
        await using var runner = NewRunner();
        var order = new Order("order-11", "pond", 2);
        var first = await runner.StartAsync(order, "order-11", Cancelled);
        await first.WaitForCallbackAsync(Approval, Cancelled);

        var second = await runner.StartAsync(order, "order-11", Cancelled);
        var refused = await Assert.ThrowsAsync<DurableServiceException>(
            () => runner.StartAsync(order with { Quantity = 3 }, "order-11", Cancelled));

        Assert.Equal(first.DurableExecutionArn, second.DurableExecutionArn);
        Assert.Equal("DurableExecutionAlreadyStartedException", refused.ErrorCode);
        Assert.Equal(409, refused.StatusCode);
    }

    [Fact]
    public async Task Stop_WhileItWaitsForTheDesk_EndsIt()
    {
        await using var runner = NewRunner();
        var run = await runner.StartAsync(new Order("order-12", "pond", 2), cancellationToken: Cancelled);
        var callback = await run.WaitForCallbackAsync(Approval, Cancelled);

        await run.StopAsync(new ErrorObject { ErrorType = "Enough", ErrorMessage = "The shop closes." }, Cancelled);
        var result = await run.WaitForResultAsync(Cancelled);
        var refused = await Assert.ThrowsAsync<DurableServiceException>(
            () => callback.SendSuccessAsync(new Verdict(Approved: true), Cancelled));

        Assert.Equal(ExecutionStatus.Stopped, result.Status);
        Assert.Equal("Enough", result.Error?.ErrorType);
        Assert.Equal("CallbackTimeoutException", refused.ErrorCode);
    }

    protected static JsonCheckpointSerializer Serializer { get; } = new(OrderJson.Default);

    protected abstract IDurableTestRunner<Order, Receipt> NewRunner();
}

/// <summary>In process, with a warehouse that always has time.</summary>
public sealed class OrderScenariosInProcess : OrderScenarios
{
    protected override IDurableTestRunner<Order, Receipt> NewRunner() => new DurableTestRunner<Order, Receipt>(
        new OrderApproval(new QuietDesk(), new FreeWarehouse()).RunAsync,
        new DurableTestRunnerOptions { Serializer = Serializer });

    private sealed class QuietDesk : IDesk
    {
        public Task AskAsync(Order order, string callbackId, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }

    private sealed class FreeWarehouse : IWarehouse
    {
        public Task<string> ProcessAsync(Order order, string idempotencyKey, CancellationToken cancellationToken) =>
            Task.FromResult($"W-{order.OrderId}-{idempotencyKey}");
    }
}

/// <summary>On a server, in processes of the sample's own program.</summary>
public sealed class OrderScenariosOnAServer(OrderServer server) : OrderScenarios, IClassFixture<OrderServer>
{
    protected override IDurableTestRunner<Order, Receipt> NewRunner() =>
        new RemoteDurableTestRunner<Order, Receipt>(OrderServer.FunctionName, new RemoteDurableTestRunnerOptions
        {
            Endpoint = server.Url,
            Serializer = Serializer,
            PollInterval = TimeSpan.FromMilliseconds(50),
        });
}
