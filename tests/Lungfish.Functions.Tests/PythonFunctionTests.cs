using System.Text;
using System.Text.Json;

namespace Lungfish.Functions.Tests;

public sealed class PythonFunctionTests
{
    [Theory]
    [InlineData("""{"a": 0.0, "b": [null, "é"]}""", """{"a": 0.0, "b": [null, "é"]}""")]
    [InlineData("null", "null")]
    [InlineData("\"text\"", "\"text\"")]
    public async Task Invoke_HandlerReturnsItsEvent_AnswersItInPythonsSpelling(string payload, string expected)
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("def handler(event, context):\n    return event\n");

        var result = await host.InvokeAsync(payload);

        Assert.Equal(expected, FunctionHost.TextOf(result));
        Assert.Equal(200, result.StatusCode);
        Assert.Equal("$LATEST", result.ExecutedVersion);
        Assert.Null(result.FunctionError);
    }

    [Fact]
    public async Task Invoke_RuntimeApiAddress_IsHostAndPortAlone()
    {
        // Documented so; clients exist that drop anything behind the port.
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(
            """
            import os
            def handler(event, context):
                return os.environ["AWS_LAMBDA_RUNTIME_API"]
            """);

        Assert.Matches("""^"127\.0\.0\.1:[0-9]+"$""", await host.InvokeForTextAsync("{}"));
    }

    [Theory]
    [InlineData(null, "Text ")]
    [InlineData("""{"LoggingConfig":{"LogFormat":"Text"}}""", "Text ")]
    [InlineData("""{"LoggingConfig":{"LogFormat":"JSON"}}""", "JSON INFO")]
    [InlineData("""{"LoggingConfig":{"LogFormat":"JSON","ApplicationLogLevel":"ERROR"}}""", "JSON ERROR")]
    public async Task Invoke_LoggingConfig_IsToldToTheFunctionsLoggers(string? settings, string expected)
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(
            """
            import os
            def handler(event, context):
                return os.environ["AWS_LAMBDA_LOG_FORMAT"] + " " + os.environ.get("AWS_LAMBDA_LOG_LEVEL", "")
            """,
            inert: settings);

        Assert.Equal($"\"{expected}\"", await host.InvokeForTextAsync("{}"));
    }

    [Fact]
    public async Task Invoke_NoPayload_GivesAnEmptyObject()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("def handler(event, context):\n    return event\n");

        // Recorded in services_lambda_service/test_invoke_unsupported_param: no payload is an empty object.
        Assert.Equal("{}", await host.InvokeForTextAsync(""));
    }

    [Fact]
    public async Task Invoke_HandlerReturnsBytes_AnswersThemAsTheyAre()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("def handler(event, context):\n    return b'\"HelloWorld!\"'\n");

        // Recorded in services_lambda_task/test_invoke_bytes_payload.
        Assert.Equal("\"HelloWorld!\"", await host.InvokeForTextAsync("{}"));
    }

    [Fact]
    public async Task Invoke_HandlerRaises_AnswersTheErrorAsPythonsRuntimeDoes()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(
            "def handler(event, context):\n    raise Exception(\"Some exception was raised.\")\n");

        var result = await host.InvokeAsync("{}");

        // Recorded in error_handling/task_lambda.test_raise_exception_catch, white space included.
        Assert.Equal(
            """{"errorMessage": "Some exception was raised.", "errorType": "Exception", "requestId": """
            + $"\"{result.RequestId}\""
            + """, "stackTrace": ["  File \"/var/task/handler.py\", line 2, in handler\n"""
            + """    raise Exception(\"Some exception was raised.\")\n"]}""",
            FunctionHost.TextOf(result));
        Assert.Equal("Unhandled", result.FunctionError);
    }

    [Theory]
    [InlineData(
        "import nothing_of_that_name\n",
        "Runtime.ImportModuleError",
        "Unable to import module 'handler': No module named 'nothing_of_that_name'")]
    [InlineData(
        "x = 1\n",
        "Runtime.HandlerNotFound",
        "Handler 'handler' missing on module 'handler'")]
    [InlineData(
        "def handler(e, c):\n    return object()\n",
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type object is not JSON serializable")]
    public async Task Invoke_FunctionCannotRun_NamesTheReason(string code, string errorType, string errorMessage)
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(code);

        using var error = JsonDocument.Parse(await host.InvokeForTextAsync("{}"));

        Assert.Equal(errorType, error.RootElement.GetProperty("errorType").GetString());
        Assert.Equal(errorMessage, error.RootElement.GetProperty("errorMessage").GetString());
    }

    [Fact]
    public async Task Invoke_SecondTime_ReusesTheProcess()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("import os\ndef handler(event, context):\n    return os.getpid()\n");

        var first = await host.InvokeForTextAsync("{}");

        Assert.Equal(first, await host.InvokeForTextAsync("{}"));
    }

    [Fact]
    public async Task Invoke_ProcessExits_AnswersExitErrorAndTheNextInvocationWorks()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(
            "import os\ndef handler(event, context):\n    os._exit(3) if event == 1 else None\n");

        var crashed = await host.InvokeAsync("1");

        Assert.Equal(
            $"{{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: {crashed.RequestId} Error: "
            + "Runtime exited with error: exit status 3\"}",
            FunctionHost.TextOf(crashed));
        Assert.Equal("null", await host.InvokeForTextAsync("2"));
    }

    [Fact]
    public async Task Invoke_LongerThanItsTimeout_IsKilledAndAnswersTimedout()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(
            "import time\ndef handler(event, context):\n    time.sleep(60)\n", timeout: TimeSpan.FromSeconds(1));

        var result = await host.InvokeAsync("{}", new InvokeOptions { TailLog = true });

        Assert.Equal(
            $"{{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: {result.RequestId} Error: "
            + "Task timed out after 1.00 seconds\"}",
            FunctionHost.TextOf(result));
        Assert.Contains("Status: timeout", LogOf(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_TailLog_AnswersWhatWasPrintedBetweenStartAndReport()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(
            "import sys\ndef handler(event, context):\n    print('out', event)\n    print('err', file=sys.stderr)\n");

        foreach (var number in Enumerable.Range(0, 20))
        {
            var result = await host.InvokeAsync($"{number}", new InvokeOptions { TailLog = true });

            var lines = LogOf(result).TrimEnd('\n').Split('\n');
            Assert.Equal($"START RequestId: {result.RequestId} Version: $LATEST", lines[0]);
            Assert.Equal([$"out {number}", "err", $"END RequestId: {result.RequestId}"], lines[1..4]);
            Assert.StartsWith($"REPORT RequestId: {result.RequestId}\tDuration: ", lines[4], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Invoke_UsesMoreThanItsMemory_IsKilled()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(
            "import time\ndef handler(event, context):\n    x = bytearray(500_000_000)\n"
            + "    x[::4096] = b'1' * len(x[::4096])\n    time.sleep(60)\n");

        var result = await host.InvokeAsync("{}");

        Assert.Equal(
            $"{{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: {result.RequestId} Error: "
            + "Runtime exited with error: signal: killed\"}",
            FunctionHost.TextOf(result));
    }

    [Fact]
    public async Task Invoke_AnswerLargerThanAllowed_AnswersResponseSizeTooLarge()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("def handler(event, context):\n    return 'x' * event\n");

        // Documented: 6 MB; AWS's own text names 6291556 bytes. Two quotes belong to the answer.
        Assert.Equal(6_291_556, (await host.InvokeAsync("6291554")).Payload.Length);
        Assert.Equal(
            "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response payload size (6291557 bytes) "
            + "exceeded maximum allowed payload size (6291556 bytes).\"}",
            await host.InvokeForTextAsync("6291555"));
        Assert.Equal("\"x\"", await host.InvokeForTextAsync("1"));
    }

    private static string LogOf(InvokeResult result) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(result.LogTail ?? ""));
}
