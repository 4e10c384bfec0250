using System.IO.Compression;
using System.Text.Json.Nodes;
using Lungfish.Engine.Checking;
using Lungfish.Storage.Sqlite;

namespace Lungfish.Engine.Tests.Support;

/// <summary>A database as the program of that schema left it, with executions in all phases; in a folder of its own
/// until it is disposed of.</summary>
internal sealed class KeptData : IDisposable
{
    /// <summary>Two days after they were made: every timer in them is due.</summary>
    public static readonly DateTimeOffset DaysLater = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lungfish-kept-");
    private readonly JsonNode _facts;

    public KeptData(int schema)
    {
        using (var packed = new GZipStream(Resource($"schema-{schema}.db.gz"), CompressionMode.Decompress))
        using (var file = File.Create(Database))
        {
            packed.CopyTo(file);
        }

        using var facts = Resource($"schema-{schema}.json");
        _facts = JsonNode.Parse(facts) ?? throw new InvalidDataException("No facts.");
    }

    public string Database => Path.Combine(_directory.FullName, "lungfish.db");

    public byte[] TokenKey => Convert.FromHexString(this["tokenKey"]);

    /// <summary>Something that was noted when it was made, such as the ARN of an execution.</summary>
    public string this[string name] => Text(_facts, name);

    /// <summary>The token that somebody was given for a task of that execution.</summary>
    public string TokenOf(string execution) => Text(_facts["tokens"], execution);

    public Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(Database, new SqliteStoreOptions());

    public List<Finding> Check() => Check(Database, new DataFileCheckOptions());

    public static List<Finding> Check(string database, DataFileCheckOptions options)
    {
        var findings = new List<Finding>();
        using var file = DataFile.Open(database);
        var catalog = new CatalogCheck(file.FindCatalog);
        _ = file.Check(
            options,
            entry => CatalogCheck.Kinds.Contains(entry.Kind) ? catalog.Check(entry) : [],
            findings.Add,
            World.Cancelled);
        return findings;
    }

    /// <summary>Another file beside it.</summary>
    public string Beside(string name) => Path.Combine(_directory.FullName, name);

    public void Dispose() => _directory.Delete(recursive: true);

    private static Stream Resource(string name) => typeof(KeptData).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"{name} is not kept.");

    private static string Text(JsonNode? json, string name) =>
        json?[name]?.GetValue<string>() ?? throw new InvalidDataException($"No {name} was noted.");
}
