using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Lungfish.EndToEnd.KillTests;

/// <summary>What the server has acknowledged to its clients, and what they saw that must not be.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, StartedExecution> _starts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JsonNode> _results = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _attemptedNames = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _breaches = new();
    private TaskCompletionSource _startedMore = NewSignal();

    public ICollection<StartedExecution> Starts => _starts.Values;

    public IReadOnlyCollection<string> Breaches => _breaches;

    public int ResultCount => _results.Count;

    public void Breach(string what) => _breaches.Enqueue(what);

    public void NoteAttempt(string executionName) => _attemptedNames[executionName] = 0;

    public bool WasAttempted(string executionName) => _attemptedNames.ContainsKey(executionName);

    public void NoteStart(StartedExecution started)
    {
        _starts[started.Arn] = started;
        Interlocked.Exchange(ref _startedMore, NewSignal()).TrySetResult();
    }

    /// <summary>Waits until one more start is acknowledged.</summary>
    public Task StartedMoreAsync() => Volatile.Read(ref _startedMore).Task.WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>Notes an answer to a task that was accepted; a second accepted one for the same execution is a
    /// breach.</summary>
    public void NoteResult(string executionName, JsonNode output)
    {
        if (!_results.TryAdd(executionName, output))
        {
            var first = _results[executionName].ToJsonString();
            Breach($"{executionName}: two answers were accepted: {first} and {output.ToJsonString()}");
        }
    }

    public JsonNode? FindResult(string executionName) => _results.GetValueOrDefault(executionName);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

internal sealed record StartedExecution(string Arn, string Name, WorkKind Kind, int Number, double? StartDate);
