using System.Globalization;
using System.Text;

namespace Lungfish.Functions.Tests;

/// <summary>Alone, because some measure what is allocated.</summary>
[CollectionDefinition(nameof(PoisonRuntimeTests), DisableParallelization = true)]
public sealed class AloneCollection;

/// <summary>What a process does to the Runtime API and to its own output harms nobody else.</summary>
[Collection(nameof(PoisonRuntimeTests))]
public sealed class PoisonRuntimeTests
{
    private const long Megabyte = 1024 * 1024;

    // Speaks to the Runtime API beside the runtime, which answers afterwards itself.
    private const string Calls = """
        import http.client, os, socket

        ADDRESS = os.environ['AWS_LAMBDA_RUNTIME_API']

        def post(call, body, headers={}):
            api = http.client.HTTPConnection(ADDRESS)
            api.request('POST', '/2018-06-01/runtime/' + call, body, headers)
            return api.getresponse().status

        """;

    [Fact]
    public async Task Answer_Twice_TheFirstCounts()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(Calls + """
            statuses = []

            def handler(event, context):
                if event == 'tell':
                    return statuses
                for body in ['"first"', '"second"']:
                    statuses.append(post('invocation/%s/response' % context.aws_request_id, body))
                return 'third'
            """);

        Assert.Equal("\"first\"", await host.InvokeForTextAsync("{}"));
        Assert.Equal("[202, 400]", await host.InvokeForTextAsync("\"tell\""));
    }

    [Fact]
    public async Task Answer_ToAnothersInvocation_IsRefusedAndChangesNothing()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(
            "import os, time\nDONE = os.environ['LUNGFISH_FUNCTIONS'] + '/done'\ndef handler(event, context):\n"
            + "    print('id', context.aws_request_id, flush=True)\n"
            + "    while not os.path.exists(DONE): time.sleep(0.01)\n    return 'its own'\n",
            "victim");
        _ = await host.CreatePythonAsync(Calls + """
            def handler(event, context):
                return [post('invocation/%s/%s' % (event, kind), '"stolen"') for kind in ['response', 'error']]
            """);
        var waiting = host.InvokeAsync("{}", name: "victim");

        var refused = await host.InvokeForTextAsync($"\"{await RequestIdAsync(host)}\"");
        await File.WriteAllTextAsync(Path.Combine(host.Options.Directory, "done"), "", FunctionHost.Cancellation);

        Assert.Equal("[400, 400]", refused);
        Assert.Equal("\"its own\"", FunctionHost.TextOf(await waiting));
    }

    [Fact]
    public async Task Connect_GarbageAndSlowRequestsWithoutEnd_AreBoundedAndTheInvocationGoesOn()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(Calls + """
            def handler(event, context):
                host, port = ADDRESS.split(':')
                kept, closed = [], 0
                for i in range(100):
                    one = socket.create_connection((host, int(port)))
                    try:
                        one.sendall(b'POST /2018-06-01/runtime/invocation/x/response HTTP/1.1\r\n'
                                    b'Host: x\r\nContent-Length: 1000000000\r\n\r\n1')
                        one.settimeout(0.05)
                        closed += one.recv(1) == b''
                    except ConnectionError:
                        closed += 1
                    except socket.timeout:
                        kept.append(one)
                garbage = socket.create_connection((host, int(port)))
                try:
                    garbage.sendall(bytes(range(256)) * 100)
                except ConnectionError:
                    pass
                return [len(kept), closed]
            """);

        var (kept, closed) = await host.InvokeForTextAsync("{}") is var text
            && text.Trim('[', ']').Split(", ") is [var first, var second]
                ? (int.Parse(first, CultureInfo.InvariantCulture), int.Parse(second, CultureInfo.InvariantCulture))
                : throw new InvalidDataException(text);

        Assert.InRange(kept, 1, 16);
        Assert.Equal(100, kept + closed);
    }

    [Fact]
    public async Task Answer_OfHalfAGigabyte_FailsWithAwssErrorAndIsNotKept()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(Calls + """
            def handler(event, context):
                piece = b'x' * 1048576
                post('invocation/%s/response' % context.aws_request_id, (piece for i in range(512)))
            """);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;

        var answer = host.InvokeForTextAsync("{}");
        while (!answer.IsCompleted)
        {
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Contains("Response payload size (536870912 bytes) exceeded", await answer, StringComparison.Ordinal);
        Assert.True(most < 64 * Megabyte, $"{most} bytes");
    }

    [Fact]
    public async Task Print_HalfAGigabyte_IsCutWithAWordAndTakesBoundedMemoryAndDisk()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("""
            import os

            def handler(event, context):
                line = b'x' * 1048575 + b'\n'
                for i in range(512): os.write(1, line)
            """);
        var before = GC.GetTotalAllocatedBytes();

        var result = await host.InvokeAsync("{}", new InvokeOptions { TailLog = true });

        Assert.Contains(
            "bytes of output left out: more than 1048576 in one invocation]",
            Encoding.UTF8.GetString(Convert.FromBase64String(result.LogTail ?? "")),
            StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 256 * Megabyte);
        var logs = new DirectoryInfo(Path.Combine(host.Options.Directory, "logs")).EnumerateFiles();
        Assert.InRange(logs.Sum(file => file.Length), 1, 20 * Megabyte);
    }

    [Fact]
    public async Task Print_BetweenInvocations_IsCutWithAWordToo()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("""
            import os, threading
            written = threading.Event()
            answered = threading.Event()

            def write():
                answered.wait()
                for i in range(300): os.write(1, b'x' * 9999 + b'\n')
                written.set()

            def handler(event, context):
                if event == 'first':
                    threading.Thread(target=write, daemon=True).start()
                    threading.Timer(0.05, answered.set).start()
                else:
                    written.wait()
            """);

        _ = await host.InvokeForTextAsync("\"first\"");
        var lines = new List<string>();
        while (!lines.Exists(line => line.Contains("left out", StringComparison.Ordinal)))
        {
            _ = await host.InvokeForTextAsync("\"next\"");
            lines = await ReadLogAsync(host, "fn");
        }

        Assert.Contains(lines, line => line.Contains("bytes of output left out", StringComparison.Ordinal));
    }

    private static async Task<string> RequestIdAsync(FunctionHost host)
    {
        await foreach (var line in host.Service.ReadLogsAsync(
            new("victim", null), new LogFilter { Follow = true }, FunctionHost.Cancellation))
        {
            if (line.Text.StartsWith("id ", StringComparison.Ordinal))
            {
                return line.Text[3..];
            }
        }

        throw new InvalidOperationException("The log ended.");
    }

    private static async Task<List<string>> ReadLogAsync(FunctionHost host, string function)
    {
        var lines = new List<string>();
        await foreach (var line in host.Service.ReadLogsAsync(
            new(function, null), new LogFilter(), FunctionHost.Cancellation))
        {
            lines.Add(line.Text);
        }

        return lines;
    }
}
