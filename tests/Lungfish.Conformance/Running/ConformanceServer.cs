using System.Collections.Concurrent;
using Lungfish.Conformance.Cases;
using Lungfish.Tests.Shared;

namespace Lungfish.Conformance.Running;

/// <summary>One started server for all cases. They run beside each other; each test row awaits its own.</summary>
public sealed class ConformanceServer : IAsyncLifetime
{
    private const int CasesAtATime = 12;

    private readonly ConcurrentDictionary<string, Task<CaseOutcome>> _outcomes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(CasesAtATime);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TemporaryFolder _data = new();
    private ServerProcess? _server;
    private AwsApi? _api;

    /// <summary>What was printed by the server so far, to explain a failure.</summary>
    public string ServerOutput => _server?.Output ?? "";

    internal static IEnumerable<RecordedCase> CasesToRun { get; } =
        [.. RecordedCases.All.Values.Where(
            recorded => IsWanted(recorded.Id) && LaterFeatures.FindMissing(recorded) is null)];

    public async ValueTask InitializeAsync()
    {
        if (RecordedCases.All.Count > 0)
        {
            _server = await ServerProcess.ServeAsync(_data.Path);
            _api = new AwsApi(_server.Url);
        }
    }

    internal Task<CaseOutcome> GetOutcomeAsync(string id)
    {
        // The first row that asks sets all of them going, the slow ones first; a filter sees to fewer rows only.
        foreach (var recorded in CasesToRun.OrderByDescending(recorded => recorded.Functions.Any()))
        {
            _ = _outcomes.GetOrAdd(recorded.Id, _ => RunAsync(recorded));
        }

        return _outcomes[id];
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_outcomes.Values.Select(outcome => outcome.ContinueWith(_ => { }, TaskScheduler.Default)));
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _api?.Dispose();
        _data.Dispose();
        _slots.Dispose();
        _stopping.Dispose();
    }

    private static bool IsWanted(string id) =>
        Environment.GetEnvironmentVariable("LUNGFISH_CASES") is not { Length: > 0 } wanted
        || wanted.Split(',').Any(prefix => id.StartsWith(prefix, StringComparison.Ordinal));

    private async Task<CaseOutcome> RunAsync(RecordedCase recorded)
    {
        await _slots.WaitAsync(_stopping.Token);
        try
        {
            await using var session = new CaseSession(
                recorded, _api ?? throw new InvalidOperationException("No server."), _stopping.Token);
            return recorded.IsExecution ? await ExecutionCase.RunAsync(session) : await CallsCase.RunAsync(session);
        }
        catch (Exception exception) when (exception is AwsApiException or TimeoutException or TemplateException)
        {
            var outcome = new CaseOutcome();
            outcome.Result.Add(exception.Message);
            return outcome;
        }
        finally
        {
            _slots.Release();
        }
    }
}
