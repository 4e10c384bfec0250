using Lungfish.Server.Protocol;
using Lungfish.Server.Tests.Fakes;

namespace Lungfish.Server.Tests;

/// <summary>What the edge lets through where quotas are strict, and where they are not.</summary>
public sealed class QuotaTests
{
    [Theory]
    [InlineData(262_144, true, 200)]
    [InlineData(262_145, true, 400)]
    [InlineData(262_145, false, 200)]
    [InlineData(3_000_000, false, 200)]
    public async Task Start_InputOfSoManyBytes_IsTakenAsQuotasAreKept(int bytes, bool keepsQuotas, int status)
    {
        var answer = await StartAsync(bytes, keepsQuotas);

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task Start_RequestPastWhatMemoryIsKeptFor_IsRefusedWithoutQuotasToo()
    {
        var answer = await StartAsync(AwsJsonEndpoint.BodyBytesMaxWithoutQuotas, keepsQuotas: false);

        Assert.Equal(413, answer.Status);
    }

    [Theory]
    [InlineData(true, 400)]
    [InlineData(false, 200)]
    public async Task Stop_LongCause_IsTakenAsQuotasAreKept(bool keepsQuotas, int status)
    {
        await using var edge = await EdgeUnderTest.StartAsync(keepsQuotas);

        var answer = await edge.CallAsync(
            "StopExecution",
            $$"""{"executionArn":"{{FakeExecutions.Arn}}","error":"E","cause":"{{new string('c', 32_769)}}"}""");

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task Start_LongName_IsRefusedWithoutQuotasToo()
    {
        await using var edge = await EdgeUnderTest.StartAsync(keepsQuotas: false);

        var answer = await edge.CallAsync(
            "StartExecution",
            $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","name":"{{new string('n', 81)}}"}""");

        Assert.Equal(400, answer.Status);
    }

    /// <param name="bytes">Of the input: a JSON text with its two quotes.</param>
    private static async Task<Answer> StartAsync(int bytes, bool keepsQuotas)
    {
        await using var edge = await EdgeUnderTest.StartAsync(keepsQuotas);
        return await edge.CallAsync(
            "StartExecution",
            $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","input":"\"{{new string('x', bytes - 2)}}\""}""");
    }
}
