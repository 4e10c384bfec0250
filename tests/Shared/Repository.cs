namespace Lungfish.Tests.Shared;

/// <summary>The checkout that the running test was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of recorded cases and documents beside the clone, or null for a user without it.</summary>
    public static string? SharedFolder { get; } = FindSharedFolder();

    public static string PathOf(string relativePath) => Path.Combine(Root, relativePath);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Lungfish.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Lungfish.slnx above {AppContext.BaseDirectory}.");
    }

    private static string? FindSharedFolder()
    {
        var folder = Path.GetFullPath(Path.Combine(Root, "..", "shared"));
        return Directory.Exists(Path.Combine(folder, "conformance", "asl", "dev")) ? folder : null;
    }
}
