namespace Lungfish.EndToEnd.Running;

/// <summary>What a test does to the data file of a server that does not run.</summary>
internal static class Sql
{
    private const string Code = """
        import sqlite3, sys
        connection = sqlite3.connect(sys.argv[1])
        middle = lambda b: len(b) // 2
        connection.create_function(
            "flip", 1, lambda b: b[:middle(b)] + bytes([b[middle(b)] ^ 1]) + b[middle(b) + 1:])
        row = connection.execute(sys.argv[2]).fetchone()
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        print("" if row is None else row[0], end="")
        """;

    /// <param name="database">Its path.</param>
    /// <param name="sql">One statement; <c>flip(BLOB)</c> turns one bit of it round.</param>
    /// <returns>The first column of the first row, or nothing.</returns>
    public static async Task<string> RunAsync(string database, string sql)
    {
        var result = await Command.RunAsync(AwsEnvironment.Python, ["-c", Code, database, sql]);
        return result.OutputOfSuccess;
    }
}
