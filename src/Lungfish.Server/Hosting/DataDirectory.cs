namespace Lungfish.Server.Hosting;

/// <summary>The directory that holds all that a server keeps.</summary>
internal static class DataDirectory
{
    /// <summary>Makes it, for its owner only, unless it is there.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="ServerRefusedException">It cannot be made.</exception>
    public static string Create(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            if (OperatingSystem.IsWindows())
            {
                _ = Directory.CreateDirectory(full);
            }
            else
            {
                _ = Directory.CreateDirectory(
                    full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return full;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ServerRefusedException(
                $"The data directory {path} cannot be used: {e.Message.TrimEnd('.')}; choose another with --data.", e);
        }
    }
}
