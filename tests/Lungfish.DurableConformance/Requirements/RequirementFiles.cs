using Lungfish.Tests.Shared;

namespace Lungfish.DurableConformance.Requirements;

/// <summary>The official requirements beside the clone, and our own in the same form; none for a user who does not have
/// the former.</summary>
internal static class RequirementFiles
{
    private static readonly string? s_folder = Repository.SharedFolder is { } shared
        ? Path.Combine(shared, "conformance", "durable")
        : null;

    /// <summary>All requirements, by suite and number.</summary>
    public static IReadOnlyList<Requirement> All { get; } = ReadAll();

    /// <summary>Those that <c>LUNGFISH_CASES</c> wants: ids or suites, separated by commas. All if it is not
    /// set.</summary>
    public static IReadOnlyList<Requirement> Wanted { get; } = [.. All.Where(IsWanted)];

    /// <summary>The JavaScript handlers that stand beside the requirements, or null.</summary>
    public static string? JavaScriptFolder => s_folder is null ? null : Path.Combine(s_folder, "js");

    private static Requirement[] ReadAll()
    {
        if (s_folder is null)
        {
            return [];
        }

        string[] folders =
        [
            Path.Combine(s_folder, "requirements"),
            Repository.PathOf(Path.Combine("tests", "Lungfish.DurableConformance", "Own")),
        ];
        return [.. folders
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories))
            .Select(Read)
            .OrderBy(requirement => NumberOf(requirement.Id, part: 0))
            .ThenBy(requirement => NumberOf(requirement.Id, part: 1))];
    }

    private static Requirement Read(string path)
    {
        using var reader = File.OpenText(path);
        return Requirement.Read(
            Path.GetFileNameWithoutExtension(path),
            (Path.GetFileName(Path.GetDirectoryName(path)) ?? "").ToLowerInvariant(),
            reader);
    }

    private static bool IsWanted(Requirement requirement) =>
        Environment.GetEnvironmentVariable("LUNGFISH_CASES") is not { Length: > 0 } wanted
        || wanted.Split(',').Any(name => name == requirement.Id || name == requirement.Suite);

    private static int NumberOf(string id, int part) =>
        int.Parse(id.Split('-')[part], CultureInfo.InvariantCulture);
}
