using Lungfish.Json;
using Lungfish.Server.Tests.Fakes;

namespace Lungfish.Server.Tests;

public sealed class MapRunTests
{
    [Fact]
    public async Task Describe_AMapRun_AnswersEveryMember()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("DescribeMapRun", $$"""{"mapRunArn":"{{FakeMapRuns.Arn}}"}""");

        Assert.Equal(
            JsonValue.Parse(
                $$"""
                {
                  "mapRunArn": "{{FakeMapRuns.Arn}}", "executionArn": "{{FakeExecutions.Arn}}", "status": "SUCCEEDED",
                  "startDate": 1700000000.050, "stopDate": 1700000002.050, "maxConcurrency": 10,
                  "toleratedFailurePercentage": 2.5, "toleratedFailureCount": 1, "redriveCount": 0,
                  "itemCounts": { "pending": 0, "running": 0, "succeeded": 8, "failed": 1, "timedOut": 0, "aborted": 0,
                    "total": 9, "resultsWritten": 8, "failuresNotRedrivable": 0, "pendingRedrive": 0 },
                  "executionCounts": { "pending": 0, "running": 0, "succeeded": 4, "failed": 1, "timedOut": 0,
                    "aborted": 0, "total": 5, "resultsWritten": 4, "failuresNotRedrivable": 0, "pendingRedrive": 0 }
                }
                """),
            answer.Json);
    }

    [Fact]
    public async Task List_OfAnExecution_NamesTheMachineOfTheChildren()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("ListMapRuns", $$"""{"executionArn":"{{FakeExecutions.Arn}}"}""");

        Assert.Equal(
            JsonValue.Parse(
                $$"""
                { "mapRuns": [{ "executionArn": "{{FakeExecutions.Arn}}", "mapRunArn": "{{FakeMapRuns.Arn}}",
                  "stateMachineArn": "{{FakeMapRuns.Run.StateMachineArn}}",
                  "startDate": 1700000000.050, "stopDate": 1700000002.050 }] }
                """),
            answer.Json);
    }

    [Fact]
    public async Task Update_SomeLimits_LeavesTheOthers()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "UpdateMapRun", $$"""{"mapRunArn":"{{FakeMapRuns.Arn}}","toleratedFailurePercentage":12.5}""");

        Assert.Equal((200, "{}"), (answer.Status, answer.Json.ToText()));
        Assert.Equal(new Engine.Api.MapRunChange(null, null, 12.5), edge.MapRuns.Change);
    }

    [Theory]
    [InlineData("DescribeMapRun", "arn:aws:states:us-east-1:000000000000:mapRun:m/each:x", "ResourceNotFound")]
    [InlineData("ListExecutions", "arn:aws:states:us-east-1:000000000000:mapRun:m/each:x", "ResourceNotFound")]
    [InlineData("DescribeMapRun", "arn:aws:states:us-east-1:000000000000:execution:m:x", "InvalidArn")]
    [InlineData("UpdateMapRun", "m", "InvalidArn")]
    public async Task Call_MapRunIsNone_RefusedByItsCode(string operation, string arn, string code)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(operation, $$"""{"mapRunArn":"{{arn}}"}""");

        Assert.Equal(400, answer.Status);
        Assert.EndsWith($"#{code}", answer.Type, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_PercentageTooLarge_IsAViolation()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "UpdateMapRun", $$"""{"mapRunArn":"{{FakeMapRuns.Arn}}","toleratedFailurePercentage":101}""");

        Assert.Equal(
            "1 validation error detected: Value '101' at 'toleratedFailurePercentage' failed to satisfy constraint: "
                + "Member must have value less than or equal to 100",
            answer.Message);
    }
}
