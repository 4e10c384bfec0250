namespace Lungfish.Bench;

/// <summary>A new folder on this disk, gone when it is disposed of.</summary>
internal sealed class WorkDirectory : IDisposable
{
    public WorkDirectory() => Path = Directory.CreateDirectory(
        System.IO.Path.GetFullPath(System.IO.Path.Combine("artifacts", "bench", Guid.NewGuid().ToString("N")))).FullName;

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
