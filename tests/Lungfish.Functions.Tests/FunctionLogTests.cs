using System.Text;

namespace Lungfish.Functions.Tests;

public sealed class FunctionLogTests
{
    [Fact]
    public async Task Invoke_WritesMoreThanIsKept_SaysHowMuchWasLeftOut()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(
            "import sys\ndef handler(event, context):\n"
            + "    for i in range(30): sys.stdout.write('x' * 99999 + '\\n')\n");

        var result = await host.InvokeAsync("{}", new InvokeOptions { TailLog = true });

        Assert.Contains(
            "[1951424 bytes of output left out: more than 1048576 in one invocation]", // 3,000,000 less 1 MiB.
            Encoding.UTF8.GetString(Convert.FromBase64String(result.LogTail ?? "")),
            StringComparison.Ordinal);
        Assert.Equal("null", FunctionHost.TextOf(result));
    }

    [Fact]
    public async Task ReadLogs_AfterARestart_StillHasThem()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("def handler(event, context):\n    print('seen', event)\n");
        var first = await host.InvokeAsync("1");
        _ = await host.InvokeAsync("2");

        await host.RestartAsync();

        Assert.Equal(["seen 1"], await ReadAsync(host, new LogFilter { RequestId = first.RequestId }));
        Assert.Equal(["seen 1", "seen 2"], await ReadAsync(host, new LogFilter()));
    }

    private static async Task<string[]> ReadAsync(FunctionHost host, LogFilter filter)
    {
        var lines = new List<string>();
        await foreach (var line in host.Service.ReadLogsAsync(new("fn", null), filter, FunctionHost.Cancellation))
        {
            if (line.Text.StartsWith("seen", StringComparison.Ordinal))
            {
                lines.Add(line.Text);
            }
        }

        return [.. lines];
    }
}
