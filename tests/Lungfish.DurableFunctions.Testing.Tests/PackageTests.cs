using Lungfish.Tests.Shared;

namespace Lungfish.DurableFunctions.Testing.Tests;

/// <summary>What lies in the package: a test project that references it needs nothing else of ours.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task Pack_OfTheTestsOwnBuild_CarriesTheDeciderAndDependsOnTheSdkAlone()
    {
        var package = await PackedProject.PackAsync(
            "Lungfish.DurableFunctions.Testing", TestContext.Current.CancellationToken);

        var assemblies = package.Files.Where(file => file.EndsWith(".dll", StringComparison.Ordinal));
        Assert.Equal(
            [
                "lib/net10.0/Lungfish.Durable.dll", "lib/net10.0/Lungfish.DurableFunctions.Testing.dll",
                "lib/net10.0/Lungfish.Journal.dll", "lib/net10.0/Lungfish.Json.dll",
            ],
            assemblies.Order(StringComparer.Ordinal));
        Assert.Contains("README.md", package.Files);
        Assert.Contains("lib/net10.0/Lungfish.DurableFunctions.Testing.xml", package.Files);
        Assert.Equal("Lungfish.DurableFunctions", Assert.Single(package.Dependencies).Attribute("id")?.Value);
    }
}
