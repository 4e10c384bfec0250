using Lungfish.Tests.Shared;

namespace Lungfish.DurableFunctions.Testing.Tests;

public sealed class PublicApiTests
{
    private const string File = "sdk/Lungfish.DurableFunctions.Testing/PublicApi.txt";

    [Fact]
    public void PublicApi_OfTheAssembly_IsTheOneInReview() => Assert.Null(
        PublicApiText.Compare(typeof(DurableTestRunner).Assembly, Repository.PathOf(File)));

    // The decider travels inside the package: nobody outside can name its types (docs/decisions/0007).
    [Fact]
    public void PublicApi_OfTheAssembly_ShowsNothingOfTheCore()
    {
        var api = System.IO.File.ReadAllText(Repository.PathOf(File));

        Assert.DoesNotContain("Lungfish.Durable.", api, StringComparison.Ordinal);
        Assert.DoesNotContain("Lungfish.Journal", api, StringComparison.Ordinal);
        Assert.DoesNotContain("Lungfish.Json", api, StringComparison.Ordinal);
    }
}
