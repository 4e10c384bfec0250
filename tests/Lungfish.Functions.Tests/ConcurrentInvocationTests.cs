using System.Globalization;
using System.Text;
using Lungfish.Functions.Runtimes;

namespace Lungfish.Functions.Tests;

/// <summary>Several invocations at once in one process, from its start to its logs.</summary>
public sealed class ConcurrentInvocationTests
{
    private const int TestMilliseconds = 180_000; // Only to fail rather than hang.

    /// <summary>Each answers when as many as it was told run in its process.</summary>
    private const string WaitsForTheOthers =
        """
        const waiting = [];
        exports.handler = async (event) => {
          console.log(`seen ${event.number}`);
          await new Promise((resolve) => {
            waiting.push(resolve);
            if (waiting.length === event.all) waiting.splice(0).forEach((go) => go());
          });
          console.log(`done ${event.number}`);
          return [event.number, process.pid, process.env.AWS_LAMBDA_MAX_CONCURRENCY];
        };
        """;

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_AsManyAsAProcessMayRun_RunInOneAndKeepTheirLogs()
    {
        await using var host = await FunctionHost.StartAsync(options => options with { ProcessesMax = 1 });
        _ = await host.CreateNodeAsync(WaitsForTheOthers, atOnce: 20);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => host.InvokeAsync(
            $$"""{"number":{{number}},"all":20}""", new InvokeOptions { TailLog = true })));

        var answers = results.Select(FunctionHost.TextOf).ToList();
        var process = answers[0].Split(',')[1];
        Assert.Equal(
            Enumerable.Range(0, 20).Select(n => string.Create(CultureInfo.InvariantCulture, $"[{n},{process},\"20\"]")),
            answers);
        Assert.All(results, (result, number) => Assert.Equal(
            ["START", $"seen {number}", $"done {number}", "END", "REPORT"],
            Encoding.UTF8.GetString(Convert.FromBase64String(result.LogTail ?? "")).TrimEnd().Split('\n')
                .Select(line => line.Split('\t') is [_, var id, "INFO", var text]
                    ? (id == result.RequestId ? text : "another's")
                    : line.Split(' ')[0])));
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_BootstrapWithALoopForEach_EachHasItsConnection()
    {
        await using var host = await FunctionHost.StartAsync(options => options with { ProcessesMax = 1 });
        _ = await host.Service.CreateAsync(
            new NewFunction
            {
                Name = "fn",
                Runtime = "provided.al2023",
                Handler = "any",
                Timeout = TimeSpan.FromSeconds(120),
                CapacityProvider = new("arn", MaxConcurrency: 24),
                Code = CodeSource.Zip(FunctionHost.ZipOf(("bootstrap", """
                    #!/usr/bin/env python3
                    import http.client, os, threading

                    together = threading.Barrier(24)

                    def loop():
                        api = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
                        while True:
                            api.request('GET', '/2018-06-01/runtime/invocation/next')
                            work = api.getresponse()
                            event = work.read()
                            together.wait()
                            id = work.headers['Lambda-Runtime-Aws-Request-Id']
                            api.request('POST', '/2018-06-01/runtime/invocation/%s/response' % id, event)
                            api.getresponse().read()

                    for i in range(int(os.environ['AWS_LAMBDA_MAX_CONCURRENCY'])):
                        threading.Thread(target=loop).start()
                    """))),
            },
            FunctionHost.Cancellation);

        for (var round = 0; round < 2; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(number =>
                host.InvokeForTextAsync(number.ToString(CultureInfo.InvariantCulture))));

            Assert.Equal(
                Enumerable.Range(0, 24).Select(number => number.ToString(CultureInfo.InvariantCulture)), answers);
        }
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_OneTakesTooLong_ItsProcessAndItsCodeGoOn()
    {
        await using var host = await FunctionHost.StartAsync(options => options with { ProcessesMax = 1 });
        _ = await host.CreateNodeAsync(
            """
            let go;
            let late = 'not yet';
            exports.handler = async (event) => {
              if (event === 'wait') {
                await new Promise((resolve) => { go = resolve; });
                late = 'went on';
              } else if (event === 'release') {
                go();
              }
              return [late, process.pid];
            };
            """,
            timeout: TimeSpan.FromSeconds(5),
            atOnce: 2);
        var before = await host.InvokeForTextAsync("\"look\"");

        var slow = await host.InvokeForTextAsync("\"wait\"");
        _ = await host.InvokeForTextAsync("\"release\"");
        var after = await host.InvokeForTextAsync("\"look\"");

        Assert.Contains("Task timed out after 5.00 seconds", slow, StringComparison.Ordinal);
        Assert.Equal(before.Replace("not yet", "went on", StringComparison.Ordinal), after);
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_PythonWithACapacityProvider_RunsOneAtATimeInEachProcess()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.Service.CreateAsync(
            new NewFunction
            {
                Name = "fn",
                Runtime = "python3.13",
                Handler = "handler.handler",
                CapacityProvider = new("arn", MaxConcurrency: 10),
                Code = CodeSource.Zip(FunctionHost.ZipOf(("handler.py", """
                    import os

                    def handler(event, context):
                        kind = os.environ['AWS_LAMBDA_INITIALIZATION_TYPE']
                        return os.environ.get('AWS_LAMBDA_MAX_CONCURRENCY'), kind
                    """))),
            },
            FunctionHost.Cancellation);

        Assert.Equal("""[null, "lambda-managed-instances"]""", await host.InvokeForTextAsync("{}"));
    }

    [Theory]
    [InlineData("nodejs22.x", null, 64)]
    [InlineData("dotnet8", null, 128)]
    [InlineData("provided.al2023", null, 32)]
    [InlineData("python3.13", null, 1)]
    [InlineData("python3.13", 7, 1)]
    [InlineData("nodejs22.x", 7, 7)]
    [InlineData("dotnet8", 7, 7)]
    public void ConcurrencyOf_CapacityProvider_IsTheGivenOrTheRuntimesOwn(string runtime, int? given, int expected) =>
        Assert.Equal(
            expected, ProcessConcurrency.Of(Function(runtime) with { CapacityProvider = new("arn", given) }, cores: 4));

    [Theory]
    [InlineData("nodejs22.x")]
    [InlineData("provided.al2023")]
    public void ConcurrencyOf_NoCapacityProvider_IsOne(string runtime) =>
        Assert.Equal(1, ProcessConcurrency.Of(Function(runtime), cores: 4));

    private static FunctionConfiguration Function(string runtime) => new()
    {
        Name = "fn",
        Version = "$LATEST",
        Runtime = runtime,
        Handler = "h",
        Role = "r",
        Code = new FunctionCode("", 0, null),
        LastModified = default,
        RevisionId = "1",
    };
}
