using System.Security.Cryptography;

namespace Lungfish.Server.Hosting;

/// <summary>The key that signs task tokens: made once, kept beside the database, readable by its owner only.</summary>
internal static class TokenKeyFile
{
    private const int KeyBytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="ServerRefusedException">The file is there but is not a key.</exception>
    public static byte[] ReadOrCreate(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "token.key");
        try
        {
            if (!File.Exists(path))
            {
                Create(path);
            }

            var key = File.ReadAllBytes(path);
            return key.Length == KeyBytes
                ? key
                : throw new ServerRefusedException(
                    $"The task token key {path} is damaged: it has {key.Length} bytes instead of {KeyBytes}; "
                    + "restore it from a backup, or delete it if no task waits for a token.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServerRefusedException($"The task token key {path} cannot be used: {e.Message}", e);
        }
    }

    private static void Create(string path)
    {
        // Written under another name first: a crash in between leaves no half key. The store's own sync of this
        // directory, which comes before the first token is signed, makes the new name durable.
        var draft = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: false);
    }
}
