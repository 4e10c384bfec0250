using Lungfish.Tests.Shared;

namespace Lungfish.DurableFunctions.OpenTelemetry.Tests;

public sealed class PackageTests
{
    [Fact]
    public async Task Pack_OfTheTestsOwnBuild_BringsTheSdkWithItsAnalyzers()
    {
        var package = await PackedProject.PackAsync(
            "Lungfish.DurableFunctions.OpenTelemetry", TestContext.Current.CancellationToken);

        var dependency = Assert.Single(package.Dependencies);
        Assert.Equal("Lungfish.DurableFunctions", dependency.Attribute("id")?.Value);
        Assert.DoesNotContain(
            "Analyzers", dependency.Attribute("exclude")?.Value ?? "", StringComparison.Ordinal);
    }
}
