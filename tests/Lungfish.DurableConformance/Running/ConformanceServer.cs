using System.Collections.Concurrent;
using Lungfish.DurableConformance.Requirements;
using Lungfish.DurableConformance.Running;
using Lungfish.Server.Hosting;
using Lungfish.Tests.Shared;

[assembly: AssemblyFixture(typeof(ConformanceServer))]

namespace Lungfish.DurableConformance.Running;

/// <summary>The real server in this process, on a data directory of its own, for the requirements of all
/// languages.</summary>
/// <remarks>Requirements mostly wait, so they run beside each other; each test row awaits its own.</remarks>
public sealed class ConformanceServer : IAsyncDisposable
{
    private const int RunsAtATime = 32;

    private readonly ConcurrentDictionary<string, Lazy<Task<ConcurrentDictionary<string, Task<string>>>>> _languages =
        new(StringComparer.Ordinal);

    private readonly TemporaryFolder _data = new();
    private readonly SemaphoreSlim _slots = new(RunsAtATime);
    private readonly Lazy<Task<(LungfishServer Server, LambdaApi Api)>> _server;

    public ConformanceServer() => _server = new(StartAsync);

    /// <summary>What is wrong with a requirement: empty if nothing is.</summary>
    internal async Task<string> FindFailureAsync(HandlerSet handlers, string id)
    {
        var runs = await _languages.GetOrAdd(handlers.Name, _ => new(() => BeginAllAsync(handlers))).Value;
        return await runs[id];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var language in _languages.Values)
        {
            _ = await Task.WhenAll((await language.Value).Values);
        }

        if (_server.IsValueCreated)
        {
            var (server, api) = await _server.Value;
            api.Dispose();
            await server.DisposeAsync();
        }

        _slots.Dispose();
        _data.Dispose();
    }

    private async Task<(LungfishServer Server, LambdaApi Api)> StartAsync()
    {
        var server = await LungfishServer.StartAsync(
            new ServerOptions { DataDirectory = _data.Path, Urls = ["http://127.0.0.1:0"] },
            TestContext.Current.CancellationToken);
        return (server, new LambdaApi(server.Url));
    }

    /// <summary>The first row that asks sets all of them going, those that take longest first.</summary>
    private async Task<ConcurrentDictionary<string, Task<string>>> BeginAllAsync(HandlerSet handlers)
    {
        var (_, api) = await _server.Value;
        await handlers.DeployAsync(api);
        return new(
            handlers.Requirements
                .OrderByDescending(requirement => SecondsIn(requirement))
                .Select(requirement => KeyValuePair.Create(requirement.Id, RunAsync(requirement, handlers, api))),
            StringComparer.Ordinal);
    }

    private async Task<string> RunAsync(Requirement requirement, HandlerSet handlers, LambdaApi api)
    {
        await _slots.WaitAsync();
        try
        {
            return await RequirementRun.FindFailureAsync(requirement, api, handlers.FunctionOf(requirement.Id));
        }
        finally
        {
            _ = _slots.Release();
        }
    }

    /// <summary>A guess: the more invocations a requirement lists, the longer it waits.</summary>
    private static int SecondsIn(Requirement requirement) =>
        requirement.Suite is "plugin"
            ? int.MaxValue // One of them waits eight seconds and lists nothing of it.
            : requirement.Events.Count(item => item["EventType"]?.GetValue<string>() is "InvocationCompleted");
}
