using Lungfish.Engine.Storage;
using Lungfish.Storage.Contract.Contracts;
using Lungfish.Storage.Sqlite;

namespace Lungfish.Storage.Contract.Sqlite;

/// <summary>A database in a directory of its own, removed after the test.</summary>
public sealed class SqliteHost : IStoreHost
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lungfish-store-").FullName;

    public string Database => Path.Combine(_directory, "lungfish.db");

    public async Task<IStore> OpenAsync() => await OpenSqliteAsync(new SqliteStoreOptions());

    public Task<SqliteStore> OpenSqliteAsync(SqliteStoreOptions options) => SqliteStore.OpenAsync(Database, options);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteCommitTests() : CommitContract(new SqliteHost());

public sealed class SqliteLeaseTests() : LeaseContract(new SqliteHost());

public sealed class SqliteListTests() : ListContract(new SqliteHost());

public sealed class SqliteDurableListTests() : DurableListContract(new SqliteHost());

public sealed class SqliteRecoveryTests() : RecoveryContract(new SqliteHost());

public sealed class SqliteCatalogTests() : CatalogContract(new SqliteHost());
