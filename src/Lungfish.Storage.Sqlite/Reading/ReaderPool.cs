using System.Collections.Concurrent;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

/// <summary>Read-only connections, each with its own snapshot: a read sees what was acknowledged before it
/// began.</summary>
internal sealed class ReaderPool(string path, int countMax) : IDisposable
{
    private readonly SemaphoreSlim _free = new(countMax);
    private readonly ConcurrentStack<ReadTables> _open = new(); // The last used is the one with the warmest cache.
    private volatile bool _closed;

    /// <summary>Runs where it is called: a read of a few rows is done before another thread would have begun.</summary>
    public async Task<T> ReadAsync<T>(Func<ReadTables, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return _closed ? throw new StoreUnavailableException("The store is closed.") : Read(read);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>For reads that may take long: the caller's thread goes on meanwhile.</summary>
    public Task<T> ReadManyAsync<T>(Func<ReadTables, T> read, CancellationToken cancellationToken) =>
        Task.Run(() => ReadAsync(read, cancellationToken), cancellationToken);

    private T Read<T>(Func<ReadTables, T> read)
    {
        ReadTables? tables = null;
        try
        {
            if (!_open.TryPop(out tables))
            {
                tables = new ReadTables(Connection.OpenReadOnly(path));
            }

            return tables.InSnapshot(read);
        }
        catch (SqliteException e) when (e.PrimaryCode is Sqlite3.Corrupt or Sqlite3.NotADatabase)
        {
            throw new StoreDamagedException(path, e.Message, e);
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException($"The database cannot be read: {e.Message}.", e);
        }
        finally
        {
            if (tables is not null)
            {
                _open.Push(tables);
            }
        }
    }

    /// <summary>Waits for the reads that run; later ones are refused.</summary>
    public void Dispose()
    {
        _closed = true;
        for (var i = 0; i < countMax; i++)
        {
            _free.Wait();
        }

        while (_open.TryPop(out var tables))
        {
            tables.Dispose();
        }

        _free.Release(countMax); // Whoever waits is told.
    }
}
