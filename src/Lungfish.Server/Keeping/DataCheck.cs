using Lungfish.Engine.Checking;
using Lungfish.Engine.Storage;
using Lungfish.Functions;
using Lungfish.Storage.Sqlite;

namespace Lungfish.Server.Keeping;

/// <summary>Checks what a server keeps, whether it runs or not: database, code and token key of a data directory or of
/// a backup, or a database alone.</summary>
public static class DataCheck
{
    /// <param name="path">A directory, or a database.</param>
    /// <exception cref="StoreRefusedException">There is no database that this program can check.</exception>
    public static DataFileCounts Run(
        string path, DataFileCheckOptions options, Action<Finding> report, CancellationToken cancellationToken)
    {
        var directory = Directory.Exists(path) ? path : null;
        using var file = DataFile.Open(directory is null ? path : Path.Combine(directory, DataFolder.Database));
        var engine = new CatalogCheck(file.FindCatalog);
        var functions = new FunctionCatalogCheck(
            directory is null ? null : Path.Combine(directory, DataFolder.Functions));
        if (directory is not null)
        {
            CheckTokenKey(Path.Combine(directory, DataFolder.TokenKey), report);
        }

        return file.Check(
            options,
            entry => FunctionCatalogCheck.Kinds.Contains(entry.Kind) ? functions.Check(entry) : engine.Check(entry),
            report,
            cancellationToken);
    }

    private static void CheckTokenKey(string path, Action<Finding> report)
    {
        var key = new FileInfo(path);
        if (!key.Exists)
        {
            report(new Finding(FindingKinds.TokenKey, DataFolder.TokenKey, "The token key is not there."));
        }
        else if (key.Length != DataFolder.TokenKeyBytes)
        {
            report(new Finding(
                FindingKinds.TokenKey,
                DataFolder.TokenKey,
                $"The token key has {key.Length} bytes in place of {DataFolder.TokenKeyBytes}."));
        }
    }
}
