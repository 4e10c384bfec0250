using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace Lungfish.Tests.Shared;

/// <summary>A package of the SDK, packed from what the tests were built with.</summary>
internal sealed record PackedProject(IReadOnlyList<string> Files, IReadOnlyList<XElement> Dependencies)
{
    public static async Task<PackedProject> PackAsync(string name, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await RunAsync(name, folder.Path, cancellationToken);
        await using var package = await ZipFile.OpenReadAsync(
            Directory.GetFiles(folder.Path, "*.nupkg").Single(), cancellationToken);
        await using var text = await package.Entries.Single(entry => entry.FullName == $"{name}.nuspec")
            .OpenAsync(cancellationToken);
        var specification = await XDocument.LoadAsync(text, LoadOptions.None, cancellationToken);
        return new PackedProject(
            [.. package.Entries.Select(entry => entry.FullName)],
            [.. specification.Descendants().Where(element => element.Name.LocalName is "dependency")]);
    }

    private static async Task RunAsync(string name, string folder, CancellationToken cancellationToken)
    {
        var build = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var project = Repository.PathOf($"sdk/{name}/{name}.csproj");
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", ["pack", project, "--no-build", "--no-restore", "-c", build, "-o", folder, "-v", "q"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("dotnet did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, await output + await errors);
    }
}
