using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Lungfish.EndToEnd.Running;

/// <summary>One started server for the scenarios that do not disturb each other; it starts when first asked
/// for.</summary>
public sealed class SharedServer : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly Lazy<Task<ServerProcess>> _server;
    private readonly ConcurrentDictionary<string, Lazy<Task<Dictionary<string, string?>>>> _modules =
        new(StringComparer.Ordinal);

    public SharedServer() => _server = new(() => ServerProcess.ServeAsync(_data.Path));

    internal async Task<Uri> GetUrlAsync() => (await _server.Value).Url;

    internal async Task<AwsCli> GetAwsCliAsync() => new(await GetUrlAsync());

    /// <summary>What a scenario of a script came to: null if it went well. Its whole module is run once.</summary>
    internal async Task<string?> GetFailureAsync(ScriptModule module, string scenario)
    {
        var run = _modules.GetOrAdd(module.Path, _ => new(async () => await RunAsync(module, await GetUrlAsync())));
        var failures = await run.Value;
        return failures.TryGetValue(scenario, out var failure) ? failure : "The script ended before this scenario.";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }

        _data.Dispose();
    }

    private static async Task<Dictionary<string, string?>> RunAsync(ScriptModule module, Uri endpoint)
    {
        var result = await Command.RunAsync(module.Program, module.Arguments, AwsEnvironment.For(endpoint));
        var failures = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var line in result.Output.Split('\n').Where(
            line => line.StartsWith("{\"scenario\"", StringComparison.Ordinal)))
        {
            var outcome = JsonNode.Parse(line);
            failures[outcome?["scenario"]?.GetValue<string>() ?? ""] = outcome?["failure"]?.GetValue<string>();
        }

        return failures.Count > 0
            ? failures
            : throw new InvalidOperationException(
                $"{module.Path} ran no scenario.\n{result.Output}\n{result.ErrorOutput}");
    }
}
