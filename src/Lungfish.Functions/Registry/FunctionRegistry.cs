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
    public const string FunctionKind = "function";
    public const string VersionKind = "function-version";
    public const string AliasKind = "function-alias";
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

        var aliases = new Dictionary<string, List<FunctionAlias>>(StringComparer.Ordinal);
        await foreach (var entry in ReadAllAsync(AliasKind, cancellationToken))
        {
            var alias = Read<FunctionAlias>(entry);
            var name = alias.FunctionName;
            (aliases.TryGetValue(name, out var list) ? list : aliases[name] = []).Add(alias);
        }

        await foreach (var entry in ReadAllAsync(FunctionKind, cancellationToken))
        {
            var function = Read<StoredFunction>(entry);
            _functions[entry.Key] = new Registered(
                function,
                [.. versions.GetValueOrDefault(entry.Key, []).OrderBy(NumberOf)],
                [.. aliases.GetValueOrDefault(entry.Key, []).OrderBy(a => a.Name, StringComparer.Ordinal)]);
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
            changes.Add(new(FunctionKind, name, ExpectedVersion: null, after is null ? null : Value(after)));
        }

        AddDifference(changes, VersionKind, before?.Versions ?? [], after?.Versions ?? [], KeyOf);
        AddDifference(changes, AliasKind, before?.Aliases ?? [], after?.Aliases ?? [], KeyOf);
        return changes;
    }

    private static void AddDifference<T>(
        List<CatalogChange> changes,
        string kind,
        ImmutableArray<T> before,
        ImmutableArray<T> after,
        Func<T, string> key)
    {
        var kept = after.Select(key).ToHashSet(StringComparer.Ordinal);
        changes.AddRange(before.Select(key).Where(k => !kept.Contains(k))
            .Select(k => new CatalogChange(kind, k, null, null)));
        changes.AddRange(after.Except(before).Select(a => new CatalogChange(kind, key(a), null, Write(a))));
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

    private static string KeyOf(FunctionAlias alias) => $"{alias.FunctionName}:{alias.Name}";

    private static int NumberOf(FunctionConfiguration version) =>
        int.Parse(version.Version, CultureInfo.InvariantCulture);

    public static T Read<T>(CatalogEntry entry) =>
        JsonSerializer.Deserialize<T>(entry.Value.Span)
        ?? throw new InvalidDataException($"The {entry.Kind} '{entry.Key}' is stored as null.");

    // Nullable: beside a bare null a ReadOnlyMemory would become an empty value, which is no removal.
    private static ReadOnlyMemory<byte>? Value(Registered function) => Write(function.Function);

    private static ReadOnlyMemory<byte> Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value);
}

/// <summary>What is stored of a function beside its versions.</summary>
/// <param name="VersionsMade">Numbers are not given twice, even after a version was deleted.</param>
internal sealed record StoredFunction(
    FunctionConfiguration Latest, ImmutableSortedDictionary<string, string> Tags, int VersionsMade);

/// <param name="Versions">The published ones, oldest first.</param>
/// <param name="Aliases">In ordinal order of their names.</param>
internal sealed record Registered(
    StoredFunction Function, ImmutableArray<FunctionConfiguration> Versions, ImmutableArray<FunctionAlias> Aliases)
{
    public FunctionConfiguration Latest => Function.Latest;

    /// <summary>What a qualifier stands for; of an alias that leads to two versions, the first.</summary>
    public FunctionConfiguration? FindVersion(string? qualifier) =>
        qualifier is null or FunctionReference.Latest ? Latest
            : FindAlias(qualifier) is { } alias ? FindVersion(alias.FunctionVersion)
            : FindPublished(qualifier);

    /// <summary>What an invocation runs.</summary>
    public FunctionConfiguration? Choose(string? qualifier, ulong chance) =>
        FindVersion(FindAlias(qualifier)?.Choose(chance) ?? qualifier);

    // Each invocation asks, and seldom is there an alias: nothing is to be made for that.
    public FunctionAlias? FindAlias(string? name) => Aliases.IsEmpty ? null : FindAmongAliases(name);

    private FunctionAlias? FindAmongAliases(string? name) => Aliases.FirstOrDefault(a => a.Name == name);

    private FunctionConfiguration? FindPublished(string version) => Versions.FirstOrDefault(v => v.Version == version);
}
