namespace Lungfish.Functions;

/// <summary>Where the code of a function comes from.</summary>
public abstract record CodeSource
{
    private CodeSource() { }

    /// <summary>A deployment package as the Lambda API takes it.</summary>
    public static CodeSource Zip(ReadOnlyMemory<byte> bytes) => new ZipSource(bytes);

    /// <summary>A folder of a developer, used where it is: a saved file counts from the next process on.</summary>
    /// <param name="path">Made absolute.</param>
    public static CodeSource Folder(string path) => new FolderSource(Path.GetFullPath(path));

    internal sealed record ZipSource(ReadOnlyMemory<byte> Bytes) : CodeSource;

    internal sealed record FolderSource(string Path) : CodeSource;
}
