using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Lungfish.Functions.Invoking;

namespace Lungfish.Functions.RuntimeApi;

/// <summary>Finds the process that a request of the Runtime API comes from.</summary>
internal sealed class EnvironmentDirectory
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public void Add(string id, FunctionPool pool, ExecutionEnvironment environment) =>
        _entries[id] = new(pool, environment);

    public void Remove(string id) => _ = _entries.TryRemove(id, out _);

    public bool TryFind(string id, [NotNullWhen(true)] out Entry? entry) => _entries.TryGetValue(id, out entry);

    internal sealed record Entry(FunctionPool Pool, ExecutionEnvironment Environment);
}
