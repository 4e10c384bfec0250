using System.Text;
using Lungfish.Engine;
using Lungfish.Json;
using Lungfish.Server.Lambda.Durable;
using Lungfish.Server.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lungfish.Server.Tests;

/// <summary>Checkpoints that come over the channels of processes (docs/decisions/0016).</summary>
public sealed class ChannelCheckpointsTests
{
    private const string One = FakeDurableExecutions.Function + ":2/durable-execution/one/0197";
    private const string Another = FakeDurableExecutions.Function + ":2/durable-execution/another/0198";

    private readonly FakeDurableExecutions _durable = new();

    [Fact]
    public async Task Take_OfSeveralExecutions_AnswersInTheirOrder()
    {
        var answers = await TakeAsync(
            $$"""{"DurableExecutionArn":"{{One}}","CheckpointToken":"t1","ClientToken":"c1"}""",
            $$"""
            {"CheckpointToken":"t2","Updates":[{"Id":"1","Type":"STEP","Action":"START"}],
             "DurableExecutionArn":"{{Another}}"}
            """);

        Assert.Equal([$"checkpoint {One} t1 c1", $"checkpoint {Another} t2 -"], _durable.Calls);
        Assert.Equal("1", Assert.Single(_durable.Updates).Id);
        const string Each = """{"CheckpointToken":"next+/=","NewExecutionState":{"Operations":[]}}""";
        Assert.Equal([(200, JsonValue.Parse(Each)), (200, JsonValue.Parse(Each))], answers);
    }

    [Theory]
    [InlineData("""{"DurableExecutionArn":"no-arn","CheckpointToken":"t"}""", "durableExecutionArn")]
    [InlineData("""{"CheckpointToken":"t"}""", "durableExecutionArn")]
    [InlineData($$"""{"DurableExecutionArn":"{{One}}","Updates":[{"Id":"1"}]}""", "updates.1.member")]
    [InlineData("1", "must be an object")]
    [InlineData("{", "Could not parse")]
    [InlineData("{} {}", "checkpointToken")]
    public async Task Take_OneIsWrong_IsRefusedAndTheOthersAreTaken(string wrong, string message)
    {
        var answers = await TakeAsync(wrong, $$"""{"DurableExecutionArn":"{{Another}}","CheckpointToken":"t"}""");

        Assert.Equal([400, 200], answers.Select(answer => answer.Status));
        var refused = Assert.IsType<JsonObject>(answers[0].Body);
        Assert.Equal(JsonValue.Parse("\"InvalidParameterValueException\""), refused["ErrorType"]);
        Assert.Contains(message, refused["Message"]?.ToString(), StringComparison.Ordinal);
        Assert.Equal([$"checkpoint {Another} t -"], _durable.Calls);
    }

    [Fact]
    public async Task Take_RefusedByTheEngine_TellsWhy()
    {
        _durable.Refusal = new ApiException("TooManyRequestsException", "slow down", 429);

        var answers = await TakeAsync($$"""{"DurableExecutionArn":"{{One}}","CheckpointToken":"t"}""");

        Assert.Equal(
            [(429, JsonValue.Parse("""{"ErrorType":"TooManyRequestsException","Message":"slow down"}"""))], answers);
    }

    private async Task<(int Status, JsonValue Body)[]> TakeAsync(params string[] calls)
    {
        var checkpoints = new ChannelCheckpoints(_durable, NullLogger<ChannelCheckpoints>.Instance);
        var answers = await Task.WhenAll(checkpoints.Take(
            [.. calls.Select(call => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(call)))],
            isAlone: calls.Length == 1));
        return [.. answers.Select(answer => (answer.Status, JsonValue.Parse(answer.Body.Span)))];
    }
}
