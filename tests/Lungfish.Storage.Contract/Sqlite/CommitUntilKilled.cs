using System.Globalization;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Contract.Contracts;
using Lungfish.Storage.Sqlite;

namespace Lungfish.Storage.Contract.Sqlite;

/// <summary>The child process of the crash test: commits as fast as it can and says what was acknowledged.</summary>
internal static class CommitUntilKilled
{
    public const string Argument = "--commit-until-killed";

    /// <summary>Each commit is one execution with one segment, so their counts are the partition's sequence.</summary>
    public static async Task<int> RunAsync(string path)
    {
        await using var store = await SqliteStore.OpenAsync(path, new SqliteStoreOptions());
        var lease = await store.AcquireAsync(Given.Partition, Given.AllSlots, Guid.NewGuid(), CancellationToken.None);
        var owner = new Owner(store, lease);
        for (var i = 0; i < 1_000_000; i++) // Bounded, should nobody kill it.
        {
            var name = Guid.NewGuid().ToString();
            Resting resting = i % 2 == 0 ? new Parked(null) : Given.Closed();
            await owner.CommitAsync(Given.Birth(name) with { Resting = resting });
            await Console.Out.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{owner.Lease.CommitSequence} {name}"));
            await Console.Out.FlushAsync();
        }

        return 0;
    }
}
