using System.Collections.Immutable;
using System.Diagnostics;
using Lungfish.Tests.Shared;

namespace Lungfish.Functions.Tests;

/// <summary>A function that means harm fails alone: its invocation as on AWS, its process replaced, its neighbours
/// unhindered.</summary>
public sealed class PoisonFunctionTests
{
    private const int TestMilliseconds = 300_000; // Only to fail rather than hang.
    private const string Killed = "Error: Runtime exited with error: signal: killed";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // More than may be, in several processes; gentle to the machine that runs this test.
    private const string Multiplies = """
        import os, threading, time

        def handler(event, context):
            for i in range(12):
                if os.fork() == 0:
                    threading.stack_size(65536)
                    for j in range(100):
                        threading.Thread(target=time.sleep, args=(120,), daemon=True).start()
                    time.sleep(120)
            time.sleep(120)
        """;

    // Each process of it ends by itself: should it not be defused, the machine lives.
    private const string ForkBomb = """
        import os, signal, time

        def handler(event, context):
            while True:
                try:
                    os.fork()
                    signal.alarm(30)
                except OSError:
                    time.sleep(0.01)
        """;

    // Multiplies as fast as that one, up to some more than may be: each process takes a byte out of one pipe.
    private const string BoundedForkBomb = """
        import os, signal, time

        def handler(event, context):
            reading, writing = os.pipe()
            os.write(writing, b'1' * 1200)
            os.close(writing)
            while os.read(reading, 1):
                os.fork()
                signal.alarm(200)
            time.sleep(200)
        """;

    private const string MemoryOfChildren = """
        import os, time

        def handler(event, context):
            for i in range(4):
                if os.fork() == 0:
                    x = bytearray(100_000_000)
                    x[::4096] = b'1' * len(x[::4096])
                    time.sleep(60)
            time.sleep(60)
        """;

    private const string ClosesEverything = """
        import os

        def handler(event, context):
            os.closerange(0, 1024)
            return 'nobody hears this'
        """;

    private const string IgnoresSignals = """
        import signal, time

        def handler(event, context):
            for one in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
                signal.signal(one, signal.SIG_IGN)
            while True: time.sleep(1)
        """;

    public static TheoryData<string, string, string, string> Python => new()
    {
        { "dies while it loads", "import os\nos._exit(7)\n", "Runtime.ExitError", "exit status 7" },
        { "takes memory while it loads", "x = b'1' * 2_000_000_000\n", "Runtime.ExitError", Killed },
        { "dies at work", "import os\ndef handler(e, c): os._exit(7)\n", "Runtime.ExitError", "exit status 7" },
        { "crashes", "import os\ndef handler(e, c): os.abort()\n", "Runtime.ExitError", "signal: aborted" },
        { "exits", "import sys\ndef handler(e, c): sys.exit(3)\n", "Runtime.ExitError", "exit status 3" },
        { "computes for ever", "def handler(e, c):\n    while True: pass\n", "Sandbox.Timedout", "Task timed out" },
        { "ignores signals", IgnoresSignals, "Sandbox.Timedout", "Task timed out" },
        { "takes memory", "def handler(e, c): return len(b'1' * 2_000_000_000)\n", "Runtime.ExitError", Killed },
        { "takes memory in children", MemoryOfChildren, "Runtime.ExitError", Killed },
        { "multiplies", Multiplies, "Runtime.ExitError", Killed },
        { "multiplies fast", BoundedForkBomb, "Runtime.ExitError", Killed },
        { "hangs up", ClosesEverything, "Runtime.ExitError", "Runtime exited without providing a reason" },
    };

    public static TheoryData<string, string, string, string> Node => new()
    {
        { "dies while it loads", "process.exit(7);", "Runtime.ExitError", "exit status 7" },
        { "exits", "exports.handler = async () => process.exit(3);", "Runtime.ExitError", "exit status 3" },
        { "crashes", "exports.handler = async () => process.abort();", "Runtime.ExitError", "signal: aborted" },
        { "computes for ever", "exports.handler = async () => { while (true); };", "Sandbox.Timedout", "timed out" },
        {
            "never answers",
            "exports.handler = () => new Promise(() => setInterval(() => {}, 1000));",
            "Sandbox.Timedout",
            "timed out"
        },
        {
            "takes memory",
            "exports.handler = async () => { const all = []; while (true) all.push(Buffer.alloc(10_000_000, 1)); };",
            "Runtime.ExitError",
            Killed
        },
    };

    [Theory(Timeout = TestMilliseconds)]
    [MemberData(nameof(Python))]
    public async Task Invoke_PoisonInPython_FailsAlone(string what, string code, string errorType, string message)
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(code, "poison", TimeoutFor(errorType), inert: null);

        await InvokeBesideANeighbourAsync(host, what, errorType, message);
    }

    [Theory(Timeout = TestMilliseconds)]
    [MemberData(nameof(Node))]
    public async Task Invoke_PoisonInNode_FailsAlone(string what, string code, string errorType, string message)
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreateNodeAsync(code, name: "poison", timeout: TimeoutFor(errorType));

        await InvokeBesideANeighbourAsync(host, what, errorType, message);
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_ExitsAfterItsAnswer_AnswersAndTheNextInvocationWorks()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(
            """
            import http.client, os

            def handler(event, context):
                api = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
                api.request('POST', '/2018-06-01/runtime/invocation/%s/response' % context.aws_request_id, '"done"')
                api.getresponse().read()
                os._exit(1)
            """);

        Assert.Equal("\"done\"", await host.InvokeForTextAsync("{}"));
        await Poll.UntilAsync(() => Task.FromResult(ProcessesOf(host).Count == 0), Patience, "its end");

        Assert.Equal("\"done\"", await host.InvokeForTextAsync("{}"));
    }

    /// <summary>Explicit: it takes a machine of one's own.</summary>
    [Fact(Timeout = TestMilliseconds, Explicit = true)]
    public async Task Invoke_ForkBomb_IsDefused()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(ForkBomb, "poison", Patience);

        await InvokeBesideANeighbourAsync(host, "multiplies", "Runtime.ExitError", Killed);
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_LeavesProcessesBehind_TheyEndWithIts()
    {
        await using var host = await FunctionHost.StartAsync();
        // One in its group, one in a session of its own that also holds its output open.
        _ = await host.CreatePythonAsync(
            "import os, subprocess\ndef handler(e, c):\n    subprocess.Popen(['sleep', '600'])\n"
            + "    subprocess.Popen(['sleep', '601'], start_new_session=True)\n    os._exit(1)\n");

        _ = await host.InvokeForTextAsync("{}");

        await Poll.UntilAsync(
            () => Task.FromResult(ProcessesOf(host).Count == 0), Patience, "the end of what it started");
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Start_ProcessesOfAServerThatWasKilled_AreEnded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere nobody tells what a process was started with.");
        await using var host = await FunctionHost.StartAsync();
        var start = new ProcessStartInfo("sleep", "600");
        start.Environment["LUNGFISH_FUNCTIONS"] = host.Options.Directory;
        using var left = Process.Start(start);
        Assert.NotNull(left);

        await host.RestartAsync();

        await left.WaitForExitAsync(FunctionHost.Cancellation);
    }

    [Fact]
    public async Task Invoke_EnvironmentThatNoProcessCanHave_FailsAndNeighboursGoOn()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("def handler(e, c): return 'well'\n", "neighbour");
        _ = await host.Service.CreateAsync(
            new NewFunction
            {
                Name = "poison",
                Runtime = "python3.12",
                Handler = "handler.handler\0" + new string('x', 200_000),
                Environment = ImmutableSortedDictionary<string, string>.Empty.Add("NUL", "a\0b"),
                Code = CodeSource.Zip(FunctionHost.ZipOf(("handler.py", "def handler(e, c): pass\n"))),
            },
            FunctionHost.Cancellation);

        _ = await Record.ExceptionAsync(() => host.InvokeAsync("{}", name: "poison"));

        Assert.Equal("\"well\"", FunctionHost.TextOf(await host.InvokeAsync("{}", name: "neighbour")));
    }

    private static TimeSpan TimeoutFor(string errorType) =>
        errorType == "Sandbox.Timedout" ? TimeSpan.FromSeconds(1) : Patience;

    /// <summary>Twice, so that it is the replaced process that fails the second time.</summary>
    private static async Task InvokeBesideANeighbourAsync(
        FunctionHost host, string what, string errorType, string message)
    {
        _ = await host.CreatePythonAsync("def handler(e, c): return 'well'\n", "neighbour", Patience);
        _ = await host.InvokeAsync("{}", name: "neighbour");
        for (var time = 0; time < 2; time++)
        {
            var poisoned = host.InvokeAsync("{}", name: "poison");
            do
            {
                Assert.Equal("\"well\"", FunctionHost.TextOf(await host.InvokeAsync("{}", name: "neighbour")));
            }
            while (!poisoned.IsCompleted);

            var answer = FunctionHost.TextOf(await poisoned);
            Assert.Equal("Unhandled", (await poisoned).FunctionError);
            Assert.Contains($"\"errorType\":\"{errorType}\"", answer, StringComparison.Ordinal);
            Assert.Contains(message, answer, StringComparison.Ordinal);
        }

        // The neighbour's stays.
        await Poll.UntilAsync(
            () => Task.FromResult(ProcessesOf(host).Count <= 1), Patience, $"the end of what {what}");
    }

    /// <summary>Processes that the host's functions have started, wherever they have gone since.</summary>
    private static List<string> ProcessesOf(FunctionHost host)
    {
        var mark = $"LUNGFISH_FUNCTIONS={host.Options.Directory}\0";
        return [.. Directory.EnumerateDirectories("/proc")
            .Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]))
            .Where(process => EnvironmentOf(process).Contains(mark, StringComparison.Ordinal))];
    }

    private static string EnvironmentOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended, or is another user's.
        }
    }
}
