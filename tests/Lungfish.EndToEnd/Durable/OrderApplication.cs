using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Durable;

/// <summary>A sample of the order workflow, deployed by <c>lungfish dev</c> when a test first asks for it.</summary>
public abstract class OrderApplication : IAsyncDisposable
{
    public const string Function = "orders";

    private readonly TemporaryFolder _data = new();
    private readonly Lazy<Task<ServerProcess>> _server;

    protected OrderApplication() => _server = new(StartAsync);

    /// <summary>Minutes for people, seconds for machines.</summary>
    public static Dictionary<string, string> Variables => new(StringComparer.Ordinal)
    {
        ["APPROVAL_SECONDS"] = "600",
        ["RETRY_SECONDS"] = "1",
        ["WAREHOUSE_BUSY"] = "0",
    };

    internal async Task<DurableApi> OpenAsync() => new((await _server.Value).Url);

    internal async Task<AwsCli> GetAwsCliAsync() => new((await _server.Value).Url);

    public async ValueTask DisposeAsync()
    {
        // What did not start has told the test why.
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _server.Value).DisposeAsync();
        }

        _data.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the folder ready to be deployed.</summary>
    /// <param name="temporary">A folder for this run.</param>
    protected abstract Task<string> PrepareAsync(string temporary);

    private async Task<ServerProcess> StartAsync()
    {
        var folder = await PrepareAsync(_data.Path);
        var dev = await ServerProcess.StartAsync(
            ["dev", folder, "--data", Path.Combine(_data.Path, "data"), "--urls", "http://127.0.0.1:0"],
            environment: Variables);
        await Poll.UntilAsync(
            () => Task.FromResult(dev.Output.Contains("Deployed", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(60),
            "the deployment");
        return dev;
    }
}

public sealed class JavaScriptOrders : OrderApplication
{
    /// <summary>A copy with the SDK that the tests have installed already: nothing is fetched.</summary>
    protected override Task<string> PrepareAsync(string temporary) => Task.FromResult(CopyTo(temporary));

    internal static string CopyTo(string temporary)
    {
        var folder = Path.Combine(temporary, "order-workflow-js");
        Folders.Copy(Repository.PathOf("samples/order-workflow-js"), folder);
        Folders.Copy(
            Path.Combine(Path.GetDirectoryName(AwsEnvironment.NodeModules) ?? "", "node_modules"),
            Path.Combine(folder, "node_modules"));
        File.SetLastWriteTimeUtc(Path.Combine(folder, "node_modules", ".package-lock.json"), DateTime.UtcNow);
        return folder;
    }
}

public sealed class CSharpOrders : OrderApplication
{
    /// <summary>Built before, so that a slow machine's build does not count as a slow start.</summary>
    protected override async Task<string> PrepareAsync(string temporary)
    {
        var folder = Repository.PathOf("samples/order-workflow-csharp");
        var built = await Command.RunAsync(
            "dotnet",
            ["publish", "-c", "Release", "-o", Path.Combine(temporary, "published"), "-v", "quiet", "-nologo"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["MSBUILDDISABLENODEREUSE"] = "1" },
            folder);
        _ = built.OutputOfSuccess;
        return folder;
    }
}

public sealed class PythonOrders : OrderApplication
{
    private static readonly Lazy<Task<bool>> s_isThere = new(async () =>
    {
        var import = await Command.RunAsync(AwsEnvironment.Python, ["-c", "import aws_durable_execution_sdk_python"]);
        return import.ExitCode == 0;
    });

    /// <summary>The SDK is not on every machine, and is not fetched.</summary>
    protected override async Task<string> PrepareAsync(string temporary)
    {
        Assert.SkipUnless(await s_isThere.Value, "Python has no aws_durable_execution_sdk_python here.");
        return Repository.PathOf("samples/order-workflow-python");
    }
}

internal static class Folders
{
    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(from, file);
            if (!relative.StartsWith("node_modules", StringComparison.Ordinal)
                && !relative.StartsWith(".lungfish", StringComparison.Ordinal))
            {
                var target = Path.Combine(to, relative);
                _ = Directory.CreateDirectory(Path.GetDirectoryName(target) ?? to);
                File.Copy(file, target, overwrite: true);
            }
        }
    }
}
