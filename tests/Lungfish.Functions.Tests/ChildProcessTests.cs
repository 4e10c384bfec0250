using System.Diagnostics;
using System.Globalization;

namespace Lungfish.Functions.Tests;

/// <summary>No function outlives the server, however that ends.</summary>
public sealed class ChildProcessTests
{
    private const int TestMilliseconds = 120_000; // Only to fail rather than hang.

    // Answers the ids of its own process and of one that it has started.
    private const string TellsItsProcesses =
        """
        import os, subprocess
        child = subprocess.Popen(['sleep', '600'])

        def handler(event, context):
            return [os.getpid(), child.pid]
        """;

    [Fact]
    public async Task Dispose_IdleProcessWithChildren_EndsThemAll()
    {
        var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(TellsItsProcesses);
        var processes = IdsIn(await host.InvokeForTextAsync("{}"));

        await host.DisposeAsync();

        Assert.All(processes, id => Assert.False(IsAlive(id)));
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task UpdateCode_IdleProcess_EndsAndTheNextInvocationRunsTheNewCode()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(TellsItsProcesses);
        var processes = IdsIn(await host.InvokeForTextAsync("{}"));

        _ = await host.Service.UpdateCodeAsync(
            new("fn", null),
            new FunctionCodeChange
            {
                Code = CodeSource.Zip(FunctionHost.ZipOf(("handler.py", "def handler(e, c):\n    return 'new'\n"))),
            },
            FunctionHost.Cancellation);

        Assert.Equal("\"new\"", await host.InvokeForTextAsync("{}"));
        await UntilAsync(() => !processes.Any(IsAlive));
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Kill_ServerProcess_TheFunctionsProcessEndsToo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The death signal of parents is Linux's.");
        // This test's own executable plays the server that is killed.
        using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath ?? "", ServerArguments())
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        });
        Assert.NotNull(server);
        string? line;
        do
        {
            line = await server.StandardOutput.ReadLineAsync(FunctionHost.Cancellation);
        }
        while (line?.StartsWith(KilledServer.Prefix, StringComparison.Ordinal) == false);
        var function = int.Parse(line?[KilledServer.Prefix.Length..] ?? "", CultureInfo.InvariantCulture);

        server.Kill();

        await UntilAsync(() => !IsAlive(function));
    }

    private static string[] ServerArguments()
    {
        var name = $"{typeof(KilledServer).FullName}.{nameof(KilledServer.RunUntilKilled)}";
        string[] method = ["-noColor", "-explicit", "only", "-method", name]; // A line begins with what it says.
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [typeof(KilledServer).Assembly.Location, .. method]
            : method;
    }

    private static int[] IdsIn(string json) =>
        [.. json.Trim('[', ']').Split(',').Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    private static bool IsAlive(int processId)
    {
        try
        {
            // A killed process whose parent does not ask for it stays as a zombie.
            return !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            FunctionHost.Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

/// <summary>The server that <see cref="ChildProcessTests"/> starts and kills.</summary>
public sealed class KilledServer
{
    public const string Prefix = "function process ";

    [Fact(Explicit = true)]
    public async Task RunUntilKilled()
    {
        await using var host = await FunctionHost.StartAsync();
        // It waits for work then, or works on without end: neither may survive.
        _ = await host.CreatePythonAsync(
            $"import os\ndef handler(event, context):\n    os.write(2, b'{Prefix}%d\\n' % os.getpid())\n"
            + "    while True: pass\n");
        var running = host.InvokeAsync("{}");
        await foreach (var line in host.Service.ReadLogsAsync(
            new("fn", null), new LogFilter { Follow = true }, FunctionHost.Cancellation))
        {
            if (line.Text.StartsWith(Prefix, StringComparison.Ordinal))
            {
                Console.WriteLine(line.Text);
            }
        }

        _ = await running;
    }
}
