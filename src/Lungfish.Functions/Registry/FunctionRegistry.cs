using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Lungfish.Engine.Storage;

namespace Lungfish.Functions.Registry;

/// <summary>All functions and versions: in the catalog of the store, and in memory for the way of each
/// invocation.</summary>
/// <remarks>One server owns a store, so what is in memory is what is stored.</remarks>
internal sealed class FunctionRegistry(IStore store)
{
    private const string FunctionKind = "function";
    private const string VersionKind = "function-version";
    private const int PageSize = 500;

    private readonly ConcurrentDictionary<string, Registered> _functions = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var versions = new Dictionary<string, List<FunctionConfiguration>>(StringComparer.Ordinal);
        await foreach (var entry in ReadAllAsync(VersionKind, cancellationToken))
        {
            var version = Read<FunctionConfiguration>(entry);
            (versions.TryGetValue(version.Name, out var list) ? list : versions[version.Name] = []).Add(version);
        }

        await foreach (var entry in ReadAllAsync(FunctionKind, cancellationToken))
        {
            var function = Read<StoredFunction>(entry);
            var own = versions.GetValueOrDefault(entry.Key, []);
            _functions[entry.Key] = new Registered(function, [.. own.OrderBy(NumberOf)]);
        }
    }

    public Registered? Find(string name) => _functions.GetValueOrDefault(name);

    /// <summary>All functions in ordinal order of their names.</summary>
    public IReadOnlyList<Registered> List() =>
        [.. _functions.Values.OrderBy(f => f.Latest.Name, StringComparer.Ordinal)];

    /// <summary>Changes one function, alone and durably.</summary>
    /// <param name="change">From what is registered (null: nothing) to what is to be (null: nothing any more).</param>
    public async Task<Registered?> ChangeAsync(
        string name, Func<Registered?, Task<Registered?>> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var before = Find(name);
            var after = await change(before);
            if (!Equals(before, after))
            {
                await store.WriteCatalogAsync(Difference(name, before, after), cancellationToken);
                Publish(name, after);
            }

            return after;
        }
        finally
        {
            _ = _changing.Release();
        }
    }

    private void Publish(string name, Registered? after)
    {
        if (after is null)
        {
            _ = _functions.TryRemove(name, out _);
        }
        else
        {
            _functions[name] = after;
        }
    }

    private static List<CatalogChange> Difference(string name, Registered? before, Registered? after)
    {
        var changes = new List<CatalogChange>();
        if (before?.Function != after?.Function)
        {
            changes.Add(new(FunctionKind, name, ExpectedVersion: null, after is null ? null : Write(after.Function)));
        }

        var old = before?.Versions ?? [];
        var now = after?.Versions ?? [];
        changes.AddRange(old.Except(now).Select(v => new CatalogChange(VersionKind, KeyOf(v), null, null)));
        changes.AddRange(now.Except(old).Select(v => new CatalogChange(VersionKind, KeyOf(v), null, Write(v))));
        return changes;
    }

    private async IAsyncEnumerable<CatalogEntry> ReadAllAsync(
        string kind, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        while (true)
        {
            var page = await store.ListCatalogAsync(kind, "", after, PageSize, cancellationToken);
            foreach (var entry in page)
            {
                yield return entry;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            after = page[^1].Key;
        }
    }

    private static string KeyOf(FunctionConfiguration version) => $"{version.Name}:{version.Version}";

    private static int NumberOf(FunctionConfiguration version) =>
        int.Parse(version.Version, CultureInfo.InvariantCulture);

    private static T Read<T>(CatalogEntry entry) =>
        JsonSerializer.Deserialize<T>(entry.Value.Span)
        ?? throw new InvalidDataException($"The {entry.Kind} '{entry.Key}' is stored as null.");

    private static ReadOnlyMemory<byte> Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value);
}

/// <summary>What is stored of a function beside its versions.</summary>
/// <param name="VersionsMade">Numbers are not given twice, even after a version was deleted.</param>
internal sealed record StoredFunction(
    FunctionConfiguration Latest, ImmutableSortedDictionary<string, string> Tags, int VersionsMade);

/// <summary>A function with its published versions, oldest first.</summary>
internal sealed record Registered(StoredFunction Function, ImmutableArray<FunctionConfiguration> Versions)
{
    public FunctionConfiguration Latest => Function.Latest;

    public FunctionConfiguration? FindVersion(string? qualifier) =>
        qualifier is null or FunctionReference.Latest ? Latest : Versions.FirstOrDefault(v => v.Version == qualifier);
}
