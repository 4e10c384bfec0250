using Lungfish.Json;

namespace Lungfish.Functions.Tests;

public sealed class InProcessFunctionTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Invoke_RegisteredMethod_AnswersItsResult()
    {
        await using var host = await FunctionHost.StartAsync();
        host.Service.Register("fn", (input, _, _) => Task.FromResult<JsonValue>(JsonArray.Of(input, input)), Long);

        var result = await host.InvokeAsync("""{"n":0.0}""");

        Assert.Equal("""[{"n":0.0},{"n":0.0}]""", FunctionHost.TextOf(result));
        Assert.Equal("$LATEST", result.ExecutedVersion);
    }

    [Fact]
    public async Task Invoke_RegisteredMethodThrows_FailsWithTheExceptionsName()
    {
        await using var host = await FunctionHost.StartAsync();
        host.Service.Register("fn", (_, _, _) => throw new InvalidOperationException("no 'good'"), Long);

        var result = await host.InvokeAsync("{}");

        Assert.Equal("Unhandled", result.FunctionError);
        Assert.StartsWith(
            """{"errorType":"InvalidOperationException","errorMessage":"no 'good'","stackTrace":["at """,
            FunctionHost.TextOf(result),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_RegisteredMethodIgnoresItsTimeout_AnswersTimedout()
    {
        await using var host = await FunctionHost.StartAsync();
        var never = new TaskCompletionSource<JsonValue>();
        host.Service.Register("fn", (_, _, _) => never.Task, TimeSpan.FromMilliseconds(10));

        var result = await host.InvokeAsync("{}");

        var text = FunctionHost.TextOf(result);
        Assert.StartsWith("""{"errorType":"Sandbox.Timedout",""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadLogs_MethodWritesALine_IsBetweenStartAndEnd()
    {
        await using var host = await FunctionHost.StartAsync();
        host.Service.Register(
            "fn",
            (input, context, _) =>
            {
                context.Log("seen");
                return Task.FromResult(input);
            },
            Long);
        var result = await host.InvokeAsync("1");

        var lines = new List<string>();
        await foreach (var line in host.Service.ReadLogsAsync(
            new("fn", null), new LogFilter(), FunctionHost.Cancellation))
        {
            lines.Add(line.Text);
        }

        Assert.Equal(
            [$"START RequestId: {result.RequestId} Version: $LATEST", "seen", $"END RequestId: {result.RequestId}"],
            lines[..3]);
    }
}
