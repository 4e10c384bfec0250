using System.Text;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine;
using Lungfish.Engine.Durable;
using Lungfish.Json;

namespace Lungfish.Functions.Tests;

/// <summary>What invoking durable functions, and their invoking of others, comes to; methods play the
/// functions.</summary>
public sealed class DurableInvokeTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => FunctionHost.Cancellation;

    [Fact]
    public async Task Invoke_Synchronously_StartsTheVersionAndAnswersTheResult()
    {
        await using var host = await StartAsync();
        var executions = Connect(host);
        executions.Result = """{"done":true}""";

        var result = await InvokeAsync(host, "fn", "$LATEST", new InvokeOptions
        {
            DurableExecutionName = "order-1",
            ParentArn = "arn:parent",
        });

        Assert.Equal((200, """{"done":true}"""), (result.StatusCode, FunctionHost.TextOf(result)));
        Assert.Equal($"{Arn}fn:$LATEST/durable-execution/order-1/id", result.DurableExecutionArn);
        Assert.Equal("$LATEST", result.ExecutedVersion);
        var started = Assert.Single(executions.Started);
        Assert.Equal(($"{Arn}fn:$LATEST", "$LATEST", "order-1"), (started.FunctionArn, started.Version, started.Name));
        Assert.Equal((600, 3), (started.ExecutionTimeoutSeconds, started.RetentionDays));
        Assert.Equal("arn:parent", started.ParentArn);
        Assert.Equal("""{"a":1}""", started.Input);
    }

    [Fact]
    public async Task Invoke_ExecutionFails_AnswersItsErrorAsUnhandled()
    {
        await using var host = await StartAsync();
        var executions = Connect(host);
        executions.End = DurableStatus.Failed;
        executions.Error = new ErrorObject { ErrorType = "T", ErrorMessage = "no \"good\"", StackTrace = ["at a"] };

        var result = await InvokeAsync(host, "fn", "$LATEST", InvokeOptions.Default);

        Assert.Equal((200, "Unhandled"), (result.StatusCode, result.FunctionError));
        Assert.Equal(
            """{"errorMessage":"no \"good\"","errorType":"T","stackTrace":["at a"]}""", FunctionHost.TextOf(result));
    }

    [Fact]
    public async Task Invoke_Event_AnswersBeforeTheExecutionEnds()
    {
        await using var host = await StartAsync();
        var executions = Connect(host);
        executions.NeverEnds = true;

        var result = await InvokeAsync(host, "slow", "$LATEST", new InvokeOptions { Type = InvocationType.Event });

        Assert.Equal((202, true), (result.StatusCode, result.Payload.IsEmpty));
        Assert.Equal($"{Arn}slow:$LATEST/durable-execution/new/id", result.DurableExecutionArn);
    }

    [Fact]
    public async Task Invoke_CallerGoesAway_StopsWaiting()
    {
        await using var host = await StartAsync();
        Connect(host).NeverEnds = true;
        using var caller = new CancellationTokenSource();

        var waiting = host.Service.InvokeAsync(new("fn", "$LATEST"), default, InvokeOptions.Default, caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Theory]
    [InlineData("fn", null, InvocationType.RequestResponse, null, "using an unqualified ARN")]
    [InlineData("fn", null, InvocationType.DryRun, null, "using an unqualified ARN")]
    [InlineData("slow", "$LATEST", InvocationType.RequestResponse, null, "greater than 15 minutes")]
    [InlineData("plain", "$LATEST", InvocationType.RequestResponse, "n", "has no DurableConfig")]
    [InlineData("fn", "$LATEST", InvocationType.Event, "a b", "[a-zA-Z0-9-_]+")]
    public async Task Invoke_NotInThatWay_IsRefused(
        string name, string? qualifier, InvocationType type, string? executionName, string message)
    {
        await using var host = await StartAsync();
        var executions = Connect(host);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => InvokeAsync(
            host, name, qualifier, new InvokeOptions { Type = type, DurableExecutionName = executionName }));

        Assert.Equal("InvalidParameterValueException", refusal.Code);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(executions.Started);
    }

    [Fact]
    public async Task Invoke_TaskHandedOutAgain_FindsItsExecutionByTheRequestId()
    {
        await using var host = await StartAsync();
        var executions = Connect(host);
        var options = new InvokeOptions { RequestId = "0197-request" };

        _ = await InvokeAsync(host, "fn", "$LATEST", options);

        Assert.Equal("0197-request", Assert.Single(executions.Started).Name);
    }

    [Theory]
    [InlineData("fn:$LATEST", "fn:$LATEST", true, false)]
    [InlineData(Arn + "fn:$LATEST", "fn:$LATEST", true, false)]
    [InlineData("000000000000:function:plain", "plain:$LATEST", false, false)]
    [InlineData("plain", "plain:$LATEST", false, false)]
    [InlineData("fn", "fn:$LATEST", true, true)]
    public async Task FindTarget_NameOfAFunction_IsItsVersion(string name, string arn, bool isDurable, bool isRefused)
    {
        await using var host = await StartAsync();

        var target = host.Service.Durable.FindTarget(name, chance: 0);

        Assert.NotNull(target);
        Assert.Equal((Arn + arn, "$LATEST", isDurable), (target.FunctionArn, target.Version, target.IsDurable));
        Assert.Equal(isRefused, target.Refusal is not null);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("not a name")]
    [InlineData("fn:7")]
    [InlineData("arn:aws:lambda:eu-west-1:000000000000:function:plain")]
    public async Task FindTarget_NoSuchFunctionHere_IsNull(string name)
    {
        await using var host = await StartAsync();

        Assert.Null(host.Service.Durable.FindTarget(name, chance: 0));
    }

    [Fact]
    public async Task InvokeChained_PlainFunction_AnswersItsResultOrError()
    {
        await using var host = await StartAsync();

        var good = await InvokeChainedAsync(host, "plain", "[1]", executionArn: null);
        var bad = await InvokeChainedAsync(host, "plain", "{}", executionArn: null);
        var gone = await InvokeChainedAsync(host, "nobody", "1", executionArn: null);

        Assert.Equal(new ChainedOutcome(OperationStatus.Succeeded, "[1]", Error: null), good);
        Assert.Equal((OperationStatus.Failed, "InvalidOperationException"), (bad.Status, bad.Error?.ErrorType));
        Assert.Equal((OperationStatus.Failed, "ResourceNotFoundException"), (gone.Status, gone.Error?.ErrorType));
    }

    [Theory]
    [InlineData(DurableStatus.Succeeded, OperationStatus.Succeeded)]
    [InlineData(DurableStatus.Failed, OperationStatus.Failed)]
    [InlineData(DurableStatus.TimedOut, OperationStatus.TimedOut)]
    [InlineData(DurableStatus.Stopped, OperationStatus.Stopped)]
    public async Task InvokeChained_DurableFunction_StartsTheChosenExecutionAndWaits(
        DurableStatus end, OperationStatus expected)
    {
        const string Id = "01970000-0000-7000-8000-000000000001";
        await using var host = await StartAsync();
        var executions = Connect(host);
        executions.End = end;

        var outcome = await InvokeChainedAsync(
            host, "fn:$LATEST", "2", $"{Arn}fn:$LATEST/durable-execution/child/{Id}");

        Assert.Equal(expected, outcome.Status);
        var started = Assert.Single(executions.Started);
        Assert.Equal(("child", Guid.Parse(Id), "2"), (started.Name, started.Id, started.Input));
        Assert.Equal(("arn:caller", 600), (started.ParentArn, started.ExecutionTimeoutSeconds));
    }

    [Fact]
    public async Task InvokeDurable_MethodAnswers_GetsTheEnvelopeAndIsRead()
    {
        await using var host = await StartAsync();
        var identity = new DurableIdentity
        {
            Arn = "arn:e",
            Name = "n",
            Id = "i",
            FunctionArn = $"{Arn}fn:$LATEST",
            Version = "$LATEST",
            ExecutionTimeoutSeconds = 600,
            RetentionDays = 3,
        };

        var outcome = await host.Service.Durable.InvokeAsync(
            new DurableInvocation(identity, "r1", "token", [], [], _ => ""), Cancellation);

        Assert.Equal(new ReturnedSuccess("arn:e token r1"), outcome);
    }

    private static async Task<FunctionHost> StartAsync()
    {
        var host = await FunctionHost.StartAsync();
        host.Service.Register(
            "fn",
            (envelope, context, _) => Task.FromResult<JsonValue>(JsonObject.Of(
                ("Status", "SUCCEEDED"),
                ("Result", $"{Member(envelope, "DurableExecutionArn")} {Member(envelope, "CheckpointToken")} "
                    + context.RequestId))),
            Long,
            new DurableConfig(600, 3));
        host.Service.Register("slow", (input, _, _) => Task.FromResult(input), Long, new DurableConfig(901));
        host.Service.Register(
            "plain",
            (input, _, _) => input is JsonObject ? throw new InvalidOperationException() : Task.FromResult(input),
            Long);
        return host;
    }

    private static string Member(JsonValue envelope, string name) =>
        Assert.IsType<JsonString>(Assert.IsType<JsonObject>(envelope)[name]).Value;

    private static StartedExecutions Connect(FunctionHost host)
    {
        var executions = new StartedExecutions();
        host.Service.Connect(executions);
        return executions;
    }

    private static Task<InvokeResult> InvokeAsync(
        FunctionHost host, string name, string? qualifier, InvokeOptions options) =>
        host.Service.InvokeAsync(new(name, qualifier), Encoding.UTF8.GetBytes("""{"a":1}"""), options, Cancellation);

    private static Task<ChainedOutcome> InvokeChainedAsync(
        FunctionHost host, string name, string input, string? executionArn) =>
        host.Service.Durable.InvokeChainedAsync(
            new ChainedInvoke(
                "arn:caller",
                "op",
                new ChainedTarget(name, input, TenantId: null, FunctionArn: null, null, executionArn, IsSent: true)),
            Cancellation);
}
