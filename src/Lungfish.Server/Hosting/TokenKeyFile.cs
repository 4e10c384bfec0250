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
        // Written under another name first: a crash in between leaves no half key. The database is made after the key,
        // and syncs the directory that both stand in, which makes the key's name durable before the first token.
        var draft = $"{path}.{Environment.ProcessId}";
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

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft); // Another server was first; the database's lock decides which of the two goes on.
        }
    }
}
