namespace Lungfish.Bench;

/// <summary>A new folder on this disk, gone when it is disposed of.</summary>
internal sealed class WorkDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(
        Environment.CurrentDirectory, "artifacts", "bench", Guid.NewGuid().ToString("N"))).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
