using System.Collections.Concurrent;
using System.Diagnostics;

namespace Lungfish.DurableFunctions.OpenTelemetry;

/// <summary>The spans of one invocation that are open.</summary>
internal sealed class InvocationSpans(Activity? invocation)
{
    private readonly ConcurrentDictionary<(string Operation, int Attempt), Activity> _attempts = new();

    public Activity? Invocation { get; } = invocation;

    public void Begin(UserFunctionStartInfo info, int attempt, Activity activity) =>
        _attempts[(info.Id, attempt)] = activity;

    /// <summary>Null if nobody listened when it began.</summary>
    public Activity? End(UserFunctionEndInfo info, int attempt) =>
        _attempts.TryRemove((info.Id, attempt), out var activity) ? activity : null;

    /// <summary>Attempts that the invocation leaves behind end with it; their outcome is not known.</summary>
    public void Dispose()
    {
        foreach (var attempt in _attempts.Values)
        {
            attempt.Dispose();
        }

        _attempts.Clear();
        Invocation?.Dispose();
    }
}
