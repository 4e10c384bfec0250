using System.Text;
using Lungfish.Engine;
using Lungfish.Json;
using Lungfish.Server.Tests.Fakes;

namespace Lungfish.Server.Tests;

/// <summary>Our extension of the Lambda API: checkpoints of several executions in one request
/// (docs/decisions/0014).</summary>
public sealed class CheckpointTogetherTests
{
    private const string One = FakeDurableExecutions.Function + ":2/durable-execution/one/0197";
    private const string Another = FakeDurableExecutions.Function + ":2/durable-execution/another/0198";

    [Fact]
    public async Task Checkpoints_OfSeveralExecutions_AreAnsweredInTheirOrder()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await CallAsync(edge, $$"""
            [{"DurableExecutionArn":"{{One}}","CheckpointToken":"t1","ClientToken":"c1"},
             {"CheckpointToken":"t2","Updates":[{"Id":"1","Type":"STEP","Action":"START"}],
              "DurableExecutionArn":"{{Another}}"}]
            """);

        Assert.Equal([$"checkpoint {One} t1 c1", $"checkpoint {Another} t2 -"], edge.Durable.Calls);
        Assert.Equal("1", Assert.Single(edge.Durable.Updates).Id);
        const string Each =
            """{"Status":200,"Answer":{"CheckpointToken":"next+/=","NewExecutionState":{"Operations":[]}}}""";
        Assert.Equal(JsonValue.Parse($"[{Each},{Each}]"), answer.Json);
    }

    [Theory]
    [InlineData("""{"DurableExecutionArn":"no-arn","CheckpointToken":"t"}""", "durableExecutionArn")]
    [InlineData("""{"CheckpointToken":"t"}""", "durableExecutionArn")]
    [InlineData($$"""{"DurableExecutionArn":"{{One}}","Updates":[{"Id":"1"}]}""", "updates.1.member")]
    public async Task Checkpoints_OneBreaksAConstraint_IsRefusedAndTheOthersAreTaken(string wrong, string message)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await CallAsync(
            edge, $$"""[{{wrong}},{"DurableExecutionArn":"{{Another}}","CheckpointToken":"t"}]""");

        var answers = Assert.IsType<JsonArray>(answer.Json);
        var refused = Assert.IsType<JsonObject>(answers[0]);
        Assert.Equal(JsonValue.Parse("400"), refused["Status"]);
        Assert.Equal(JsonValue.Parse("\"InvalidParameterValueException\""), refused["ErrorType"]);
        Assert.Contains(message, refused["Message"]?.ToString(), StringComparison.Ordinal);
        Assert.Equal(JsonValue.Parse("200"), Assert.IsType<JsonObject>(answers[1])["Status"]);
        Assert.Equal([$"checkpoint {Another} t -"], edge.Durable.Calls);
    }

    [Fact]
    public async Task Checkpoints_RefusedByTheEngine_TellWhy()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Durable.Refusal = new ApiException("TooManyRequestsException", "slow down", 429);

        var answer = await CallAsync(edge, $$"""[{"DurableExecutionArn":"{{One}}","CheckpointToken":"t"}]""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            JsonValue.Parse("""[{"Status":429,"ErrorType":"TooManyRequestsException","Message":"slow down"}]"""),
            answer.Json);
    }

    [Theory]
    [InlineData("{}", "must be an array")]
    [InlineData("[1]", "must be an object")]
    [InlineData("[", "Could not parse")]
    [InlineData("[] []", "after a single JSON value")]
    public async Task Checkpoints_BodyIsNoArrayOfObjects_IsRefused(string body, string message)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await CallAsync(edge, body);

        Assert.Equal(400, answer.Status);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
        Assert.Empty(edge.Durable.Calls);
    }

    private static async Task<Answer> CallAsync(EdgeUnderTest edge, string body)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri("/2025-12-01/durable-execution-checkpoints", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        return await edge.SendAsync(request);
    }
}
