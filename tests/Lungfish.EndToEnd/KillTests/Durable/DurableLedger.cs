using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Lungfish.EndToEnd.KillTests.Durable;

/// <summary>What was acknowledged, what the steps did outside, and what must not be.</summary>
internal sealed class DurableLedger
{
    private readonly ConcurrentDictionary<string, StartedDurable> _starts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JsonNode> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Execution, string Step), List<string>> _effects = new();
    private readonly ConcurrentQueue<string> _breaches = new();

    public ICollection<StartedDurable> Starts => _starts.Values;

    public IReadOnlyCollection<string> Breaches => _breaches;

    public int AnswerCount => _answers.Count;

    public int EffectCount => _effects.Values.Sum(receipts => receipts.Count);

    public void Breach(string what) => _breaches.Enqueue(what);

    public void NoteStart(StartedDurable started)
    {
        var first = _starts.GetOrAdd(started.Name, started);
        if (first.Arn != started.Arn)
        {
            Breach($"{started.Name}: one name was given to {first.Arn} and {started.Arn}");
        }
    }

    /// <summary>A step did its work; the receipt tells this time from another.</summary>
    public void NoteEffect(string execution, string step, string receipt)
    {
        var receipts = _effects.GetOrAdd((execution, step), _ => []);
        lock (receipts)
        {
            receipts.Add(receipt);
        }
    }

    public IReadOnlyList<string> EffectsOf(string execution, string step)
    {
        var receipts = _effects.GetValueOrDefault((execution, step), []);
        lock (receipts)
        {
            return [.. receipts];
        }
    }

    /// <summary>Notes an answer to a callback that was accepted; a second accepted one is a breach.</summary>
    public void NoteAnswer(string callbackId, JsonNode answer)
    {
        if (!_answers.TryAdd(callbackId, answer))
        {
            var first = _answers[callbackId].ToJsonString();
            Breach($"{callbackId}: two answers were accepted: {first} and {answer.ToJsonString()}");
        }
    }

    public JsonNode? FindAnswer(string callbackId) => _answers.GetValueOrDefault(callbackId);
}

internal sealed record StartedDurable(string Arn, string Name, int Number);
