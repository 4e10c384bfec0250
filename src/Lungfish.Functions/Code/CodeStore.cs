using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lungfish.Functions.Processes;

namespace Lungfish.Functions.Code;

/// <summary>Packages by the hash of their content: kept as they came, extracted once, never changed.</summary>
/// <remarks>The zip is what counts. An extraction that is missing is made again from it.</remarks>
internal sealed class CodeStore
{
    private readonly string _directory;
    private readonly SemaphoreSlim _extracting = new(1);

    public CodeStore(string directory)
    {
        _directory = Path.Combine(directory, "code");
        _ = Directory.CreateDirectory(_directory);
    }

    /// <summary>Takes a package in, or looks at a folder. When this returns, the code survives a crash.</summary>
    /// <exception cref="Lungfish.Engine.ApiException">The package is refused, or the folder is not there.</exception>
    public async Task<FunctionCode> AddAsync(CodeSource source, CancellationToken cancellationToken) => source switch
    {
        CodeSource.ZipSource zip => await AddZipAsync(zip.Bytes, cancellationToken),
        CodeSource.FolderSource folder => FolderFingerprint.Of(folder.Path),
        _ => throw new ArgumentException($"Unknown source {source}.", nameof(source)),
    };

    /// <summary>Freezes a folder of a developer into a package, so that a version of it never changes.</summary>
    public async Task<FunctionCode> FreezeAsync(FunctionCode code, CancellationToken cancellationToken) =>
        code.Folder is null ? code : await AddZipAsync(FolderPackage.Make(code.Folder), cancellationToken);

    /// <summary>The folder that the code can be run in.</summary>
    public async ValueTask<string> GetFolderAsync(FunctionCode code, CancellationToken cancellationToken)
    {
        if (code.Folder is not null)
        {
            return code.Folder;
        }

        var folder = FolderOf(code.Sha256);
        if (!Directory.Exists(folder))
        {
            var zip = await File.ReadAllBytesAsync(ZipOf(code.Sha256), cancellationToken);
            await ExtractAsync(zip, code.Sha256, cancellationToken);
        }

        return folder;
    }

    /// <summary>The package with that hash, or null.</summary>
    public string? FindPackage(string sha256) => File.Exists(ZipOf(sha256)) ? ZipOf(sha256) : null;

    private async Task<FunctionCode> AddZipAsync(ReadOnlyMemory<byte> zip, CancellationToken cancellationToken)
    {
        var sha256 = Convert.ToBase64String(SHA256.HashData(zip.Span));
        var code = new FunctionCode(sha256, zip.Length, Folder: null);
        if (!File.Exists(ZipOf(sha256)) || !Directory.Exists(FolderOf(sha256)))
        {
            await ExtractAsync(zip, sha256, cancellationToken);
            await WriteDurablyAsync(zip, ZipOf(sha256), cancellationToken);
        }

        return code;
    }

    private async Task ExtractAsync(ReadOnlyMemory<byte> zip, string sha256, CancellationToken cancellationToken)
    {
        await _extracting.WaitAsync(cancellationToken);
        var fresh = Path.Combine(_directory, $".new-{Guid.NewGuid():N}");
        try
        {
            var entries = ZipDirectory.Read(zip.Span);
            if (Directory.Exists(FolderOf(sha256)))
            {
                return;
            }

            _ = Directory.CreateDirectory(fresh);
            ZipExtraction.Extract(zip, entries, fresh);
            // The name must not survive a power failure that the content does not survive.
            Posix.SyncFileSystem(fresh);
            Directory.Move(fresh, FolderOf(sha256));
        }
        catch (BadPackageException e)
        {
            throw LambdaErrors.InvalidParameter(
                $"Could not unzip uploaded file. Please check your file, then try to upload again. ({e.Message})");
        }
        finally
        {
            if (Directory.Exists(fresh))
            {
                Directory.Delete(fresh, recursive: true);
            }

            _ = _extracting.Release();
        }
    }

    private async Task WriteDurablyAsync(ReadOnlyMemory<byte> zip, string path, CancellationToken cancellationToken)
    {
        var fresh = Path.Combine(_directory, $".new-{Guid.NewGuid():N}");
        await using (var file = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(zip, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        Posix.SyncFileSystem(_directory);
    }

    private string FolderOf(string sha256) => Path.Combine(_directory, Hex(sha256));

    private string ZipOf(string sha256) => Path.Combine(_directory, Hex(sha256) + ".zip");

    /// <summary>The name of a package's file without its ending.</summary>
    internal static string Hex(string sha256) => Convert.ToHexStringLower(Convert.FromBase64String(sha256));
}

/// <summary>Tells whether something in a folder has changed, without reading the files.</summary>
internal static class FolderFingerprint
{
    public static FunctionCode Of(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw LambdaErrors.InvalidParameter($"The code folder '{folder}' does not exist.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        foreach (var file in FolderPackage.FilesOf(folder))
        {
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetRelativePath(folder, file.FullName)}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\n");
            hash.AppendData(Encoding.UTF8.GetBytes(line));
            size += file.Length;
        }

        return new FunctionCode(Convert.ToBase64String(hash.GetHashAndReset()), size, folder);
    }
}
