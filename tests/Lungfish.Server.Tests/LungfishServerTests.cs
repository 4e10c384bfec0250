using System.Text;
using Lungfish.Engine.Storage;
using Lungfish.Json;
using Lungfish.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.Tests;

/// <summary>The whole server in this process, on a data directory of its own.</summary>
public sealed class LungfishServerTests : IDisposable
{
    private const string Definition =
        """{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"ACTIVITY","End":true}}}""";

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Restart_WhileAnExecutionWaits_ItGoesOnWhereItWas()
    {
        string execution;
        await using (var server = await Servers.StartAsync(_data))
        {
            using var client = new ApiClient(server.Url);
            execution = await client.StartWaitingExecutionAsync(Definition);
        }

        await using var again = await Servers.StartAsync(_data);
        using var caller = new ApiClient(again.Url);
        var activity = "arn:aws:states:us-east-1:000000000000:activity:ask";
        var task = await caller.CallAsync("GetActivityTask", ("activityArn", activity));
        await caller.CallAsync("SendTaskSuccess", ("taskToken", task.Text("taskToken")), ("output", "\"yes\""));
        var ended = await caller.GetAsync($"/api/executions/{execution}/wait?timeout=60");

        Assert.Equal("SUCCEEDED", ended.Text("status"));
        Assert.Equal("\"yes\"", ended.Text("output"));
    }

    [Fact]
    public async Task Events_Followed_ComeAsTheyHappenUntilTheEnd()
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        var execution = await client.StartWaitingExecutionAsync(Definition);
        var stop = TestContext.Current.CancellationToken;

        using var response = await client.Http.GetAsync(
            new Uri($"/api/executions/{Uri.EscapeDataString(execution)}/events?follow=true", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            stop);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        var first = JsonValue.Parse(await lines.ReadLineAsync(stop) ?? "");
        await client.CallAsync("StopExecution", ("executionArn", execution));
        var rest = (await lines.ReadToEndAsync(stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("ExecutionStarted", Assert.IsType<JsonObject>(first).Text("type"));
        var events = rest.Select(line => Assert.IsType<JsonObject>(JsonValue.Parse(line))).ToList();
        Assert.Equal("ExecutionAborted", events[^1].Text("type"));
        Assert.Equal(Enumerable.Range(2, events.Count).Select(id => (JsonValue)id), events.Select(e => e["id"]));
    }

    [Theory]
    [InlineData("waiting", "execution")]
    [InlineData("wait", "execution")]
    [InlineData("asks", "machine")]
    [InlineData("ask", "activity")]
    public async Task Resolve_NameOrItsBeginning_FindsWhatThereIs(string text, string kind)
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        await client.StartWaitingExecutionAsync(Definition);

        var found = await client.GetAsync($"/api/resolve?text={text}");

        // The activity's name hides the machine's, which only begins with it.
        var matches = Assert.IsType<JsonArray>(found["matches"]);
        Assert.Equal(kind, Assert.IsType<JsonObject>(Assert.Single(matches)).Text("kind"));
    }

    [Fact]
    public async Task Resolve_ManyBeginWithTheWholeNameOfAnOlderOne_FindsThatOne()
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        var oldest = await client.StartWaitingExecutionAsync(Definition);
        const string Machine = "arn:aws:states:us-east-1:000000000000:stateMachine:asks";
        for (var i = 0; i < 25; i++) // More than /api/resolve answers.
        {
            await client.CallAsync("StartExecution", ("stateMachineArn", Machine), ("name", $"waiting-{i}"));
        }

        var found = await client.GetAsync("/api/resolve?kind=execution&text=waiting");

        var matches = Assert.IsType<JsonArray>(found["matches"]);
        Assert.Equal(oldest, Assert.IsType<JsonObject>(Assert.Single(matches)).Text("id"));
    }

    [Fact]
    public async Task Start_DataIsHeldByAnotherServer_RefusedInOneSentence()
    {
        await using var server = await Servers.StartAsync(_data);

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => Servers.StartAsync(_data));

        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task Start_AfterARefusal_AddressIsFreeAgain()
    {
        File.WriteAllText(_data["lungfish.db"], new string('x', 4096)); // No database.
        var url = $"http://127.0.0.1:{FreePort()}";

        await Assert.ThrowsAsync<StoreRefusedException>(
            () => Servers.StartAsync(_data, options => options with { Urls = [url] }));

        File.Delete(_data["lungfish.db"]);
        await using var server = await Servers.StartAsync(_data, options => options with { Urls = [url] });
        Assert.Equal(new Uri(url), server.Url);
    }

    [Fact]
    public async Task MapMore_RouteOfAnApplication_TakesForms()
    {
        await using var server = await Servers.StartAsync(_data, options => options with
        {
            MapMore = routes => routes.MapPost("/hook", context => context.Response.WriteAsync("taken")),
        });
        using var client = new ApiClient(server.Url);
        using var form = new StringContent("a=1", Encoding.UTF8, "application/x-www-form-urlencoded");

        using var answer = await client.Http.PostAsync(
            new Uri("/hook", UriKind.Relative), form, TestContext.Current.CancellationToken);
        using var refused = await client.Http.PostAsync(
            new Uri("/2015-03-31/functions/f/invocations", UriKind.Relative),
            form,
            TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(403, (int)refused.StatusCode);
    }

    [Fact]
    public async Task Dispose_RequestNeverEnds_StopsAllTheSame()
    {
        var asked = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        var server = await Servers.StartAsync(_data, options => options with
        {
            DrainMax = TimeSpan.FromMilliseconds(1),
            MapMore = routes => routes.MapGet("/hang", context =>
            {
                asked.SetResult();
                return never.Task;
            }),
        });
        using var client = new ApiClient(server.Url);
        var hanging = client.Http.GetAsync(new Uri("/hang", UriKind.Relative), TestContext.Current.CancellationToken);
        await asked.Task;

        await server.DisposeAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => hanging);
        await using var again = await Servers.StartAsync(_data); // The data is free again.
        never.SetResult();
    }

    [Theory]
    [InlineData("0.0")]
    [InlineData("1e400")]
    [InlineData("-0")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("null")]
    [InlineData(@"""\u0000""")]
    [InlineData(@"""\ud800""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"":{"":[]}}""")]
    [InlineData("[[")]
    [InlineData("[1,]")]
    [InlineData("{} {}")]
    [InlineData("NaN")]
    [InlineData("\u00a0{}")]
    public async Task StartExecution_OddInput_RunsThroughOrIsRefused(string input)
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);

        await AssertRunsOrIsRefusedAsync(client, input);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(10_000)]
    [InlineData(100_000)]
    public async Task StartExecution_DeeplyNestedInput_RunsThroughOrIsRefused(int depth)
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);

        await AssertRunsOrIsRefusedAsync(client, new string('[', depth) + new string(']', depth));
    }

    private static async Task AssertRunsOrIsRefusedAsync(ApiClient client, string input)
    {
        var machine = await client.CallAsync(
            "CreateStateMachine",
            ("name", "same"),
            ("definition", """{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"""),
            ("roleArn", "arn:aws:iam::000000000000:role/r"));
        using var request = EdgeUnderTest.Request(
            "StartExecution",
            JsonObject.Of(("stateMachineArn", machine.Text("stateMachineArn")), ("input", input)).ToText());
        using var response = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = Assert.IsType<JsonObject>(
            JsonValue.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        if ((int)response.StatusCode == 400)
        {
            Assert.EndsWith("#InvalidExecutionInput", body.Text("__type"), StringComparison.Ordinal);
            return;
        }

        Assert.Equal(200, (int)response.StatusCode);
        var ended = await client.GetAsync($"/api/executions/{body.Text("executionArn")}/wait");
        Assert.Equal("SUCCEEDED", ended.Text("status"));
        Assert.Equal(input, ended.Text("input"));
        Assert.Equal(JsonValue.Parse(input), JsonValue.Parse(ended.Text("output")));
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
