using System.Xml.Linq;
using Lungfish.Tests.Shared;

namespace Lungfish.Architecture;

/// <summary>What lies in the repository, as the rules see it: written files only, nothing that a build made.</summary>
internal static class SourceTree
{
    private static readonly string[] s_madeFolders =
        ["artifacts", "bin", "obj", "node_modules", ".git", ".lungfish", "__pycache__", "TestResults"];

    public static IReadOnlyList<ProjectFile> Projects { get; } =
        [.. Files(".", "*.csproj").Select(ProjectFile.Read).OrderBy(project => project.Name, StringComparer.Ordinal)];

    /// <summary>Paths relative to the repository's root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var start = new DirectoryInfo(Repository.PathOf(folder));
        return start.Exists
            ? Walk(start, pattern).Select(RelativePath)
            : [];
    }

    public static string Read(string relativePath) => File.ReadAllText(Repository.PathOf(relativePath));

    public static string[] Lines(string relativePath) => File.ReadAllLines(Repository.PathOf(relativePath));

    private static string RelativePath(FileInfo file) =>
        Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/');

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder, string pattern)
    {
        var here = folder.EnumerateFiles(pattern);
        var below = folder.EnumerateDirectories()
            .Where(child => child.LinkTarget is null && !s_madeFolders.Contains(child.Name, StringComparer.Ordinal))
            .SelectMany(child => Walk(child, pattern));
        return here.Concat(below);
    }
}

/// <summary>The lines of a project file that the rules are about.</summary>
internal sealed record ProjectFile(
    string Name,
    string Path,
    IReadOnlyList<string> References,
    IReadOnlyList<string> Packages,
    bool IsPureCore,
    string NoWarn)
{
    public static ProjectFile Read(string path)
    {
        var document = XDocument.Parse(SourceTree.Read(path));
        var references = document.Descendants("ProjectReference")
            .Select(reference => NameOf(reference.Attribute("Include")?.Value ?? ""));
        var packages = document.Descendants("PackageReference")
            .Select(reference => reference.Attribute("Include")?.Value ?? "");
        return new ProjectFile(
            NameOf(path),
            path,
            [.. references],
            [.. packages],
            document.Descendants("LungfishPureCore").Any(element => element.Value is "true"),
            string.Concat(document.Descendants("NoWarn").Select(element => element.Value)));
    }

    private static string NameOf(string path) => System.IO.Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));
}
