using System.Text.Json.Nodes;

namespace Lungfish.EndToEnd.Durable;

/// <summary>Application E: an order that a person approves, the same in each language.</summary>
public abstract class OrderWorkflowTests(OrderApplication application)
{
    private const string Approved = """{"approved": true, "by": "Ada"}""";

    [Fact]
    public async Task Order_Approved_IsProcessedAndEachLineIsLoggedOnce()
    {
        using var api = await application.OpenAsync();
        var before = await api.ReadLogsAsync(OrderApplication.Function);
        var order = await StartAsync(api, "1");

        await api.SucceedCallbackAsync(await api.WaitForCallbackAsync(order), Approved);
        var ended = await api.WaitForEndAsync(order);

        Assert.Equal("SUCCEEDED", Text(ended, "Status"));
        Assert.Equal("processed", Text(JsonNode.Parse(Text(ended, "Result")), "status"));
        Assert.Equal(
            [
                "ExecutionStarted", "StepStarted", "StepSucceeded", "CallbackStarted", "StepStarted", "StepSucceeded",
                "InvocationCompleted", "CallbackSucceeded", "StepStarted", "StepSucceeded", "InvocationCompleted",
                "ExecutionSucceeded",
            ],
            (await api.ReadHistoryAsync(order)).Select(happened => Text(happened, "EventType")));
        var logged = await api.ReadLogsAsync(OrderApplication.Function);
        foreach (var line in (string[])["has come in", "with the desk", "on its way", "To the desk"])
        {
            Assert.Equal(Count(before, line) + 1, Count(logged, line));
        }
    }

    [Fact]
    public async Task Order_Rejected_EndsWithTheReason()
    {
        using var api = await application.OpenAsync();
        var order = await StartAsync(api, "1");

        await api.SucceedCallbackAsync(
            await api.WaitForCallbackAsync(order), """{"approved": false, "because": "too wet"}""");
        var ended = await api.WaitForEndAsync(order);

        Assert.Equal("SUCCEEDED", Text(ended, "Status"));
        var receipt = JsonNode.Parse(Text(ended, "Result"));
        Assert.Equal(("rejected", "too wet"), (Text(receipt, "status"), Text(receipt, "reason")));
    }

    [Fact]
    public async Task Order_NobodyAnswers_TimesOutAndFails()
    {
        using var api = await application.OpenAsync();
        var version = await api.PublishAsync(OrderApplication.Function, With("APPROVAL_SECONDS", "2"));

        var order = await StartAsync(api, version);
        var ended = await api.WaitForEndAsync(order);

        Assert.Equal("FAILED", Text(ended, "Status"));
        var timedOut = Assert.Single(
            await api.ReadHistoryAsync(order), happened => Text(happened, "EventType") == "CallbackTimedOut");
        Assert.Equal(
            "Callback.Timeout", Text(timedOut["CallbackTimedOutDetails"]?["Error"]?["Payload"], "ErrorType"));
    }

    [Fact]
    public async Task Order_WarehouseAlwaysBusy_IsTriedThreeTimesWithGrowingWaits()
    {
        using var api = await application.OpenAsync();
        var version = await api.PublishAsync(OrderApplication.Function, With("WAREHOUSE_BUSY", "1"));
        var order = await StartAsync(api, version);

        await api.SucceedCallbackAsync(await api.WaitForCallbackAsync(order), Approved);
        var ended = await api.WaitForEndAsync(order);

        Assert.Equal("FAILED", Text(ended, "Status"));
        var failures = (await api.ReadHistoryAsync(order))
            .Where(happened => Text(happened, "EventType") == "StepFailed")
            .Select(happened => happened["StepFailedDetails"]?["RetryDetails"]).ToList();
        Assert.Equal([1, 2, 3], failures.Select(f => f?["CurrentAttempt"]?.GetValue<int>()));
        Assert.Equal([1, 2, null], failures.Select(f => f?["NextAttemptDelaySeconds"]?.GetValue<int>()));
    }

    [Fact]
    public async Task Order_SameNameAgain_IsTheSameExecution()
    {
        using var api = await application.OpenAsync();
        var name = NewName();
        var first = await api.StartAsync(OrderApplication.Function, "1", name, PayloadOf(name));

        var again = await api.StartAsync(OrderApplication.Function, "1", name, PayloadOf(name));
        var other = await api.StartAsync(OrderApplication.Function, "1", name, PayloadOf("another"));
        await api.SucceedCallbackAsync(await api.WaitForCallbackAsync(first.Arn), Approved);
        _ = await api.WaitForEndAsync(first.Arn);
        var afterItsEnd = await api.StartAsync(OrderApplication.Function, "1", name, PayloadOf(name));

        Assert.Equal((202, first.Arn), (again.Status, again.Arn));
        Assert.Equal((409, "DurableExecutionAlreadyStartedException"), (other.Status, other.Error));
        Assert.Equal((202, first.Arn), (afterItsEnd.Status, afterItsEnd.Arn));
        Assert.Single(await api.ListAsync(), execution => Text(execution, "DurableExecutionName") == name);
    }

    [Fact]
    public async Task Order_NewVersionWhileItWaits_EndsOnTheOneThatItBeganWith()
    {
        using var api = await application.OpenAsync();
        var order = await StartAsync(api, "1");
        var callback = await api.WaitForCallbackAsync(order);

        var version = await api.PublishAsync(OrderApplication.Function, With("WAREHOUSE_BUSY", "1"));
        await api.SucceedCallbackAsync(callback, Approved);
        var ended = await api.WaitForEndAsync(order);

        Assert.NotEqual("1", version);
        Assert.Equal(("SUCCEEDED", "1"), (Text(ended, "Status"), Text(ended, "Version")));
    }

    private static async Task<string> StartAsync(DurableApi api, string version)
    {
        var name = NewName();
        var started = await api.StartAsync(OrderApplication.Function, version, name, PayloadOf(name));
        Assert.Equal((202, ""), (started.Status, started.Error));
        return started.Arn;
    }

    private static string NewName() => $"order-{Guid.NewGuid():N}";

    private static string PayloadOf(string order) => $$"""{"orderId": "{{order}}", "item": "pond", "quantity": 2}""";

    private static Dictionary<string, string> With(string variable, string value)
    {
        var variables = OrderApplication.Variables;
        variables[variable] = value;
        return variables;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string Text(JsonNode? json, string member) => json?[member]?.GetValue<string>() ?? "";
}

public sealed class JavaScriptOrderTests(JavaScriptOrders orders)
    : OrderWorkflowTests(orders), IClassFixture<JavaScriptOrders>;

public sealed class CSharpOrderTests(CSharpOrders orders) : OrderWorkflowTests(orders), IClassFixture<CSharpOrders>;

public sealed class PythonOrderTests(PythonOrders orders) : OrderWorkflowTests(orders), IClassFixture<PythonOrders>;
