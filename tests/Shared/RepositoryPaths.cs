namespace Lungfish.Tests;

/// <summary>Finds the repository, and the folder of recorded cases that stands beside it.</summary>
internal static class RepositoryPaths
{
    private const string RootMarker = "Lungfish.slnx";

    public static string Root { get; } = FindRoot();

    /// <summary>The recorded cases, or null on a machine that does not have them.</summary>
    public static string? Conformance { get; } =
        Path.GetFullPath(Path.Combine(Root, "..", "shared", "conformance")) is var path && Directory.Exists(path)
            ? path
            : null;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, RootMarker)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No {RootMarker} above {AppContext.BaseDirectory}.");
    }
}
