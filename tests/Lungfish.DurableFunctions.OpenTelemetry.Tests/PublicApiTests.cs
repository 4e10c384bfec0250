using Lungfish.Tests.Shared;

namespace Lungfish.DurableFunctions.OpenTelemetry.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_OfTheAssembly_IsTheOneInReview() => Assert.Null(PublicApiText.Compare(
        typeof(OpenTelemetryPlugin).Assembly,
        Repository.PathOf("sdk/Lungfish.DurableFunctions.OpenTelemetry/PublicApi.txt")));
}
