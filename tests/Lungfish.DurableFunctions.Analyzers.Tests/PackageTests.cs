using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Lungfish.Tests.Shared;

namespace Lungfish.DurableFunctions.Analyzers.Tests;

/// <summary>The SDK's package: what lies in it, and that a project which references it gets the analyzers.</summary>
public sealed class PackageTests(PackageTests.Package package) : IClassFixture<PackageTests.Package>
{
    [Theory]
    [InlineData("analyzers/dotnet/cs/Lungfish.DurableFunctions.Analyzers.dll")]
    [InlineData("analyzers/dotnet/cs/Lungfish.DurableFunctions.CodeFixes.dll")]
    [InlineData("lib/net10.0/Lungfish.DurableFunctions.dll")]
    [InlineData("lib/net10.0/Lungfish.DurableFunctions.xml")]
    [InlineData("docs/durable-functions/analyzers.md")]
    [InlineData("README.md")]
    public void Package_ThisFile_IsThere(string path) => Assert.Contains(path, package.Files);

    [Fact]
    public void Package_Symbols_LieBeside()
    {
        using var symbols = ZipFile.OpenRead(package.SymbolsPath);

        Assert.Contains(symbols.Entries, entry => entry.FullName is "lib/net10.0/Lungfish.DurableFunctions.pdb");
    }

    [Fact]
    public void Package_Metadata_NamesLicenseAndReadmeAndFewDependencies()
    {
        Assert.Equal("Apache-2.0", package.Metadata("license"));
        Assert.Equal("README.md", package.Metadata("readme"));
        Assert.Equal(["Microsoft.Extensions.Logging.Abstractions"], package.Dependencies);
    }

    [Fact]
    public async Task Build_OfAProjectWithThePackage_RunsTheAnalyzers()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["Sample.csproj"], package.ProjectThatUsesIt(folder.Path));
        await File.WriteAllTextAsync(
            folder["Flow.cs"], Sources.Workflow("var id = Guid.NewGuid(); GC.KeepAlive(id);"));

        var (exitCode, output) = await Package.DotnetAsync(folder.Path, "build", "-v", "q", "-nologo");

        Assert.True(exitCode == 0, output);
        Assert.Contains("warning LFD003", output, StringComparison.Ordinal);
        Assert.DoesNotContain("CS8032", output, StringComparison.Ordinal); // An analyzer that could not be loaded.
    }

    /// <summary>The SDK, packed once from what the test was built with.</summary>
    public sealed class Package : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();
        private XDocument _specification = new();

        public IReadOnlyList<string> Files { get; private set; } = [];

        private static string PackagesOfTheMachine =>
            Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

        public string SymbolsPath => Directory.GetFiles(_folder.Path, "*.snupkg").Single();

        public IEnumerable<string?> Dependencies =>
            _specification.Descendants()
                .Where(element => element.Name.LocalName is "dependency")
                .Select(element => element.Attribute("id")?.Value);

        public string? Metadata(string name) =>
            _specification.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

        /// <summary>Restores from this folder and from what the machine has already, without a network.</summary>
        public string ProjectThatUsesIt(string folder) =>
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <RestoreSources>{_folder.Path}</RestoreSources>
                <RestorePackagesPath>{Path.Combine(folder, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{PackagesOfTheMachine}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Lungfish.DurableFunctions" Version="{Metadata("version")}" />
              </ItemGroup>
            </Project>
            """;

        public async ValueTask InitializeAsync()
        {
            var configuration = AppContext.BaseDirectory.Contains("release", StringComparison.Ordinal)
                ? "Release"
                : "Debug";
            // A version of its own: the machine may have another build of the current one in its cache.
            var (exitCode, output) = await DotnetAsync(
                Repository.PathOf("sdk/Lungfish.DurableFunctions"),
                "pack", "--no-build", "-c", configuration, "-o", _folder.Path, "-nologo",
                "-p:PackageVersion=0.0.0-test");
            Assert.True(exitCode == 0, output);

            await using var archive = await ZipFile.OpenReadAsync(Directory.GetFiles(_folder.Path, "*.nupkg").Single());
            Files = [.. archive.Entries.Select(entry => entry.FullName)];
            await using var specification = await archive.Entries
                .Single(entry => entry.FullName is "Lungfish.DurableFunctions.nuspec")
                .OpenAsync();
            _specification = await XDocument.LoadAsync(specification, LoadOptions.None, CancellationToken.None);
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }

        internal static async Task<(int ExitCode, string Output)> DotnetAsync(string folder, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
            }) ?? throw new InvalidOperationException("dotnet did not start.");
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await errors);
        }
    }
}
