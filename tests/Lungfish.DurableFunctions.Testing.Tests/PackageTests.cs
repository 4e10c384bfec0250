using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Lungfish.Tests.Shared;

namespace Lungfish.DurableFunctions.Testing.Tests;

/// <summary>What lies in the package: a test project that references it needs nothing else of ours.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task Pack_OfTheTestsOwnBuild_CarriesTheDeciderAndDependsOnTheSdkAlone()
    {
        using var folder = new TemporaryFolder();
        await PackAsync(folder.Path);
        await using var package = await ZipFile.OpenReadAsync(
            Assert.Single(Directory.GetFiles(folder.Path, "*.nupkg")), TestContext.Current.CancellationToken);

        var files = package.Entries.Select(entry => entry.FullName).ToList();
        var assemblies = files.Where(file => file.EndsWith(".dll", StringComparison.Ordinal));
        Assert.Equal(
            [
                "lib/net10.0/Lungfish.Durable.dll", "lib/net10.0/Lungfish.DurableFunctions.Testing.dll",
                "lib/net10.0/Lungfish.Journal.dll", "lib/net10.0/Lungfish.Json.dll",
            ],
            assemblies.Order(StringComparer.Ordinal));
        Assert.Contains("README.md", files);
        Assert.Contains("lib/net10.0/Lungfish.DurableFunctions.Testing.xml", files);
        Assert.Equal(["Lungfish.DurableFunctions"], await DependenciesOfAsync(package));
    }

    private static async Task<IEnumerable<string?>> DependenciesOfAsync(ZipArchive package)
    {
        var nuspec = package.GetEntry("Lungfish.DurableFunctions.Testing.nuspec");
        Assert.NotNull(nuspec);
        await using var text = await nuspec.OpenAsync(TestContext.Current.CancellationToken);
        var document = await XDocument.LoadAsync(text, LoadOptions.None, TestContext.Current.CancellationToken);
        return document.Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")?.Value);
    }

    private static async Task PackAsync(string folder)
    {
        var build = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var project = Repository.PathOf(
            "sdk/Lungfish.DurableFunctions.Testing/Lungfish.DurableFunctions.Testing.csproj");
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", ["pack", project, "--no-build", "--no-restore", "-c", build, "-o", folder, "-v", "q"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        Assert.NotNull(process);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await errors);
    }
}
