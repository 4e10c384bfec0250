using Lungfish.Json;
using Lungfish.Tests.Shared;

namespace Lungfish.Server.Tests;

/// <summary>Answers to tasks over HTTP that come twice, too late, in the wrong order or from nobody: refused as AWS
/// refuses them, and the history stays as it is.</summary>
public sealed class CallbackTests : IDisposable
{
    private const string Activity = "arn:aws:states:us-east-1:000000000000:activity:ask";
    private const string Definition = """
        {"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"ACTIVITY","End":true}}}
        """;

    private static readonly string[] Answers = ["SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"];

    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _otherData = new();

    public void Dispose()
    {
        _data.Dispose();
        _otherData.Dispose();
    }

    [Theory]
    [InlineData("SendTaskSuccess", "SUCCEEDED")]
    [InlineData("SendTaskFailure", "FAILED")]
    public async Task Answer_AfterAnAnswer_IsRefusedAndChangesNothing(string first, string status)
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        var (execution, token) = await TakeTaskAsync(client, Definition);
        Assert.Equal(200, (await AnswerAsync(client, "SendTaskHeartbeat", token)).Status);
        Assert.Equal(200, (await AnswerAsync(client, first, token)).Status);

        var ended = await client.GetAsync($"/api/executions/{execution}/wait?timeout=60");

        Assert.Equal(status, ended.Text("status"));
        await AssertAllRefusedAsync(client, execution, token, "TaskTimedOut");
    }

    [Fact]
    public async Task Answer_AfterTheTimeout_IsRefusedAndChangesNothing()
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        var (execution, token) = await TakeTaskAsync(
            client, Definition.Replace("\"End\"", "\"TimeoutSeconds\":1,\"End\"", StringComparison.Ordinal));

        var ended = await client.GetAsync($"/api/executions/{execution}/wait?timeout=60");

        Assert.Equal("States.Timeout", ended.Text("error"));
        await AssertAllRefusedAsync(client, execution, token, "TaskTimedOut");
    }

    [Fact]
    public async Task Answer_AfterTheStop_IsRefusedAndChangesNothing()
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        var (execution, token) = await TakeTaskAsync(client, Definition);

        _ = await client.CallAsync("StopExecution", ("executionArn", execution));

        await AssertAllRefusedAsync(client, execution, token, "TaskTimedOut");
    }

    [Fact]
    public async Task Answer_TokenThatThisServerNeverGave_IsRefusedAndTheTaskWaitsOn()
    {
        await using var other = await Servers.StartAsync(_otherData);
        using var otherClient = new ApiClient(other.Url);
        var (_, foreign) = await TakeTaskAsync(otherClient, Definition);
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        var (execution, token) = await TakeTaskAsync(client, Definition);
        var middle = token.Length / 2;

        foreach (var forged in new[]
        {
            foreign,
            token[..^1],
            token[..middle],
            token + "A",
            token[..middle] + (token[middle] == 'A' ? 'B' : 'A') + token[(middle + 1)..],
            new string('A', token.Length),
            new string('A', 2048),
            "forged",
        })
        {
            await AssertAllRefusedAsync(client, execution, forged, "InvalidToken");
        }

        Assert.Equal(200, (await AnswerAsync(client, "SendTaskSuccess", token)).Status);
    }

    [Fact]
    public async Task Answer_TwentyAtOnce_OneIsTaken()
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        var (execution, token) = await TakeTaskAsync(client, Definition);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => AnswerAsync(client, Answers[i % 2], token)));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(19, answers.Count(answer => answer.Status == 400 && answer.Type.EndsWith(
            "#TaskTimedOut", StringComparison.Ordinal)));
        await AssertAllRefusedAsync(client, execution, token, "TaskTimedOut");
    }

    private static async Task<(string Execution, string Token)> TakeTaskAsync(ApiClient client, string definition)
    {
        var execution = await client.StartWaitingExecutionAsync(definition);
        var task = await client.CallAsync("GetActivityTask", ("activityArn", Activity));
        return (execution, task.Text("taskToken"));
    }

    private static async Task AssertAllRefusedAsync(ApiClient client, string execution, string token, string code)
    {
        var before = await HistoryAsync(client, execution);
        foreach (var operation in Answers)
        {
            var answer = await AnswerAsync(client, operation, token);
            Assert.Equal(400, answer.Status);
            Assert.EndsWith("#" + code, answer.Type, StringComparison.Ordinal);
        }

        Assert.Equal(before, await HistoryAsync(client, execution));
    }

    private static async Task<string> HistoryAsync(ApiClient client, string execution) =>
        (await client.CallAsync("GetExecutionHistory", ("executionArn", execution))).ToText();

    private static async Task<Answer> AnswerAsync(ApiClient client, string operation, string token)
    {
        var body = operation switch
        {
            "SendTaskSuccess" => JsonObject.Of(("taskToken", token), ("output", "{}")),
            "SendTaskFailure" => JsonObject.Of(("taskToken", token), ("error", "E"), ("cause", "because")),
            _ => JsonObject.Of(("taskToken", token)),
        };
        using var request = EdgeUnderTest.Request(operation, body.ToText());
        using var response = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, text, "");
    }
}
