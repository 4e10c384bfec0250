using System.Collections.Concurrent;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.Partitions;

/// <summary>Knows of most new names that they are new, so that the store need not be asked for each.</summary>
/// <remarks>Of an owner that is asked for often, the names that the store has are read once, into a filter; those that
/// are given from then on are added as they are given. What is removed from the store stays, and is asked for. An owner
/// with more names than a filter holds is always asked for.</remarks>
internal sealed class TakenNames(IStore store, EngineOptions options, ILogger logger, CancellationToken stopped)
{
    private const int OwnersMax = 256; // So that memory stays bounded: the first that are asked for.
    private const int NamesPerRead = 4_096;

    private readonly ConcurrentDictionary<string, Owner> _owners = new(StringComparer.Ordinal);
    private int _ownerCount;

    /// <summary>Comes back when all that was decided before is durable.</summary>
    public Func<Task>? PassBarrier { get; set; }

    /// <summary>Asked on the turn of the key's partition, for a key that is neither in memory nor being looked
    /// up.</summary>
    /// <returns>True: no execution has that name. False: it may be that one has.</returns>
    public bool IsNew(ExecutionKey key)
    {
        if (Find(key.OwnerArn) is not { } owner)
        {
            return false;
        }

        if (owner.Names is { } names)
        {
            return names.IsComplete && !names.Filter.MayHave(key.Name);
        }

        if (!owner.HasTooMany && owner.Count() >= options.NamesLookedUpFirst)
        {
            var begun = new Names(new NameFilter(options.NameFilterLayersMax));
            if (owner.TryBegin(begun))
            {
                _ = ReadAsync(key.OwnerArn, owner, begun);
            }
        }

        return false;
    }

    /// <summary>An execution begins: called on its partition's turn, before anything of it leaves.</summary>
    public void Add(ExecutionKey key)
    {
        if (_owners.TryGetValue(key.OwnerArn, out var owner) && owner.Names is { } names
            && !names.Filter.TryAdd(key.Name))
        {
            owner.End(names); // It is read anew: retention may have made room.
        }
    }

    private Owner? Find(string ownerArn)
    {
        if (_owners.TryGetValue(ownerArn, out var known))
        {
            return known;
        }

        return Volatile.Read(ref _ownerCount) < OwnersMax && Interlocked.Increment(ref _ownerCount) <= OwnersMax
            ? _owners.GetOrAdd(ownerArn, static _ => new Owner())
            : null;
    }

    private async Task ReadAsync(string ownerArn, Owner owner, Names names)
    {
        await Task.Yield(); // A partition has its turn.
        try
        {
            if (PassBarrier is { } passBarrier)
            {
                await passBarrier(); // What began before is in the store now, what begins from now on is added.
            }

            string? after = null;
            stopped.ThrowIfCancellationRequested();
            while (await store.ListNamesAsync(ownerArn, after, NamesPerRead, stopped) is { } read)
            {
                if (!read.All(names.Filter.TryAdd))
                {
                    break;
                }

                if (read.Count < NamesPerRead)
                {
                    names.IsComplete = true;
                    return;
                }

                after = read[^1];
            }

            owner.HasTooMany = true;
        }
        catch (Exception e) when (e is OperationCanceledException or ApiException)
        {
            // The engine stops, or has too much to do for a barrier. Until it is tried again, the store is asked.
        }
        catch (StoreUnavailableException e)
        {
            Log.NamesNotRead(logger, ownerArn, e);
        }

        owner.End(names);
    }

    private sealed class Names(NameFilter filter)
    {
        private volatile bool _isComplete;

        public NameFilter Filter => filter;

        /// <summary>It has all that the store has, and all that is on its way there.</summary>
        public bool IsComplete
        {
            get => _isComplete;
            set => _isComplete = value;
        }
    }

    private sealed class Owner
    {
        private Names? _names;
        private int _asked;

        /// <summary>Null: they are not read.</summary>
        public Names? Names => Volatile.Read(ref _names);

        /// <summary>More than a filter holds, or the store does not list them.</summary>
        public bool HasTooMany { get; set; }

        /// <returns>How often it was asked for.</returns>
        public int Count() => Interlocked.Increment(ref _asked);

        /// <remarks>A full fence: whoever comes after the barrier sees the names, and adds to them.</remarks>
        public bool TryBegin(Names names) => Interlocked.CompareExchange(ref _names, names, null) is null;

        public void End(Names names)
        {
            _asked = 0;
            _ = Interlocked.CompareExchange(ref _names, null, names);
        }
    }
}
