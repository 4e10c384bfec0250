using Lungfish.Tests.Shared;

namespace Lungfish.DurableFunctions.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_OfTheAssembly_IsTheOneInReview() => Assert.Null(PublicApiText.Compare(
        typeof(DurableFunction).Assembly, Repository.PathOf("sdk/Lungfish.DurableFunctions/PublicApi.txt")));
}
