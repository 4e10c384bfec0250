namespace Lungfish.Bench.Scale;

internal static class DataFiles
{
    /// <summary>The database with its log.</summary>
    public static long Bytes(string directory) => new DirectoryInfo(directory)
        .EnumerateFiles("lungfish.db*", SearchOption.AllDirectories).Sum(file => file.Length);
}
