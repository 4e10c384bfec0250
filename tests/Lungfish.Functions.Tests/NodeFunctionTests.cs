using System.Text;
using System.Text.Json;

namespace Lungfish.Functions.Tests;

public sealed class NodeFunctionTests
{
    [Theory]
    [InlineData("exports.handler = async (event) => ({ got: event.n })", "index.js")]
    [InlineData("exports.handler = (e, context, cb) => setImmediate(() => cb(null, { got: e.n }))", "index.js")]
    [InlineData("exports.handler = (event, context) => context.succeed({ got: event.n })", "index.js")]
    [InlineData("export const handler = async (event) => ({ got: event.n })", "index.mjs")]
    public async Task Invoke_EachStyleOfHandler_AnswersItsResult(string code, string file)
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreateNodeAsync(code, file);

        Assert.Equal("""{"got":1}""", await host.InvokeForTextAsync("""{"n":1}"""));
        Assert.Equal("""{"got":2}""", await host.InvokeForTextAsync("""{"n":2}"""));
    }

    [Fact]
    public async Task Invoke_HandlerThrows_AnswersTypeMessageAndTrace()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreateNodeAsync("exports.handler = async () => { throw new TypeError('no good') }");

        var result = await host.InvokeAsync("{}");

        Assert.Equal("Unhandled", result.FunctionError);
        using var error = JsonDocument.Parse(result.Payload);
        Assert.Equal("TypeError", error.RootElement.GetProperty("errorType").GetString());
        Assert.Equal("no good", error.RootElement.GetProperty("errorMessage").GetString());
        var trace = error.RootElement.GetProperty("trace");
        Assert.Equal("TypeError: no good", trace[0].GetString());
        Assert.Contains("(/var/task/index.js:1:", trace[1].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_HandlerNeverAnswers_AnswersNull()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreateNodeAsync("exports.handler = (event, context, callback) => {}");

        Assert.Equal("null", await host.InvokeForTextAsync("{}"));
        Assert.Equal("null", await host.InvokeForTextAsync("{}"));
    }

    [Fact]
    public async Task Invoke_CallbackWithTimersLeft_WaitsForThem()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreateNodeAsync(
            "let late = 0; exports.handler = (event, context, callback) => { setTimeout(() => { late++ }, 20); "
            + "callback(null, { toJSON: () => late }) }");

        // Documented: by default the answer waits until the event loop is empty.
        Assert.Equal("1", await host.InvokeForTextAsync("{}"));
    }

    [Fact]
    public async Task Invoke_RejectionThatNobodyHandles_FailsTheInvocationByName()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreateNodeAsync(
            "exports.handler = (event, context, callback) => { Promise.reject(new Error('lost')); "
            + "setTimeout(callback, 5000) }");

        using var error = JsonDocument.Parse(await host.InvokeForTextAsync("{}"));

        Assert.Equal("Runtime.UnhandledPromiseRejection", error.RootElement.GetProperty("errorType").GetString());
        Assert.Equal("Error: lost", error.RootElement.GetProperty("errorMessage").GetString());
    }

    [Theory]
    [InlineData("exports.other = 1", "Runtime.HandlerNotFound")]
    [InlineData("require('nothing-of-that-name')", "Runtime.ImportModuleError")]
    [InlineData("this is no JavaScript", "Runtime.UserCodeSyntaxError")]
    public async Task Invoke_FunctionCannotBeLoaded_NamesTheReason(string code, string errorType)
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreateNodeAsync(code);

        using var error = JsonDocument.Parse(await host.InvokeForTextAsync("{}"));

        Assert.Equal(errorType, error.RootElement.GetProperty("errorType").GetString());
    }

    [Fact]
    public async Task Invoke_ConsoleLog_WritesRequestIdAndLevel()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreateNodeAsync("exports.handler = async () => { console.log('hello', { a: 1 }) }");

        var result = await host.InvokeAsync("{}", new InvokeOptions { TailLog = true });

        var log = Encoding.UTF8.GetString(Convert.FromBase64String(result.LogTail ?? ""));
        Assert.Contains($"\t{result.RequestId}\tINFO\thello {{ a: 1 }}\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_ConsolesOfTheProcesssStreams_EachWorkAsAlways()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreateNodeAsync(
            """
            import { Console } from 'node:console';
            const make = () => new Console({ stdout: process.stdout, stderr: process.stderr });
            export const handler = async () => {
              const [first, second] = [make(), make()];
              first.group();
              first.log('indented');
              second.log('at the margin');
              const { info } = make();
              info('on its own');
              class Mine extends Console {}
              return [first instanceof Console, new Mine(process.stdout) instanceof Mine];
            };
            """,
            "index.mjs");

        var result = await host.InvokeAsync("{}", new InvokeOptions { TailLog = true });

        Assert.Equal("[true,true]", FunctionHost.TextOf(result));
        var lines = Encoding.UTF8.GetString(Convert.FromBase64String(result.LogTail ?? "")).Split('\n');
        Assert.Equal(["  indented", "at the margin", "on its own"], lines[1..4]);
    }
}
