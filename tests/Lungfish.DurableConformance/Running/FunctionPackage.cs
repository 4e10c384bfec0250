using System.IO.Compression;

namespace Lungfish.DurableConformance.Running;

/// <summary>A deployment package in the making.</summary>
internal sealed class FunctionPackage : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly ZipArchive _zip;

    public FunctionPackage() => _zip = new ZipArchive(_bytes, ZipArchiveMode.Create, leaveOpen: true);

    public void AddFile(string path, string name) => _zip.CreateEntryFromFile(path, name, CompressionLevel.Fastest);

    /// <summary>Adds the files below a folder.</summary>
    public void AddFolder(string folder, string underName, Func<string, bool> isWanted)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
            if (isWanted(name))
            {
                AddFile(path, underName.Length == 0 ? name : $"{underName}/{name}");
            }
        }
    }

    /// <summary>In base64, as CreateFunction takes it. Nothing can be added any more.</summary>
    public string ToBase64()
    {
        _zip.Dispose();
        return Convert.ToBase64String(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length));
    }

    public void Dispose()
    {
        _zip.Dispose();
        _bytes.Dispose();
    }
}
