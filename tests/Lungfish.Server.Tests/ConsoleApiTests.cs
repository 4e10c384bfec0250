using Lungfish.Engine.Api;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.Json;
using Lungfish.Server.Tests.Fakes;
using Lungfish.States.Deciding;

namespace Lungfish.Server.Tests;

public sealed class ConsoleApiTests
{
    [Fact]
    public async Task Info_Always_NamesTheRealAddress()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var info = Assert.IsType<JsonObject>((await GetAsync(edge, "/api/info")).Json);

        Assert.Equal(edge.Url.GetLeftPart(UriPartial.Authority), info["url"]);
        Assert.Equal("000000000000", info["accountId"]);
    }

    [Theory]
    [InlineData(StoreSpace.Reserve, "nothing new is started")]
    [InlineData(StoreSpace.None, "nothing can be recorded")]
    public async Task Health_DiskIsFull_SaysSoUntilThereIsRoom(StoreSpace space, string sentence)
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Space = space;

        var full = await GetAsync(edge, "/health");
        var info = Assert.IsType<JsonObject>((await GetAsync(edge, "/api/info")).Json);
        edge.Space = StoreSpace.Ample;
        var well = await GetAsync(edge, "/health");

        Assert.Equal(507, (int)full.Status);
        Assert.Contains(sentence, full.Text, StringComparison.Ordinal);
        Assert.Equal(full.Text, info["trouble"]);
        Assert.Equal((200, "ok"), ((int)well.Status, well.Text));
    }

    [Fact]
    public async Task Info_ExecutionSetAside_NamesItAndWhy()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.SetAside = [new SetAsideExecution("arn:of:e", "Its journal is damaged.")];

        var answer = await GetAsync(edge, "/api/info");

        Assert.Contains(
            """"setAside":[{"executionArn":"arn:of:e","reason":"Its journal is damaged."}]"""",
            answer.Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m", "machine")]
    [InlineData(FakeStateMachines.Arn, "machine")]
    [InlineData("e", "execution")]
    [InlineData(FakeActivities.Arn, "activity")]
    [InlineData("f", "function")]
    [InlineData("tok", "callback")]
    public async Task Resolve_OneFits_IsTheOnlyMatch(string text, string kind)
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Executions.Callbacks.Add(Callback);

        // Only its own kind is asked for where the fakes answer anything to any text.
        var answer = await GetAsync(edge, $"/api/resolve?kind={kind}&text={Uri.EscapeDataString(text)}");

        var matches = Assert.IsType<JsonArray>(Assert.IsType<JsonObject>(answer.Json)["matches"]);
        var match = Assert.IsType<JsonObject>(Assert.Single(matches));
        Assert.Equal(kind, match["kind"]);
    }

    [Theory]
    [InlineData("/api/nowhere", "code")]
    [InlineData("/nowhere", "__type")]
    public async Task AnyPath_NothingIsThere_IsRefusedInTheFormOfThatApi(string path, string member)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await GetAsync(edge, path);

        Assert.Equal(404, (int)answer.Status);
        Assert.Equal($$"""{"{{member}}":"NotFound","message":"There is nothing at GET {{path}}."}""", answer.Text);
    }

    [Fact]
    public async Task AnyPath_OtherMethod_IsRefusedWithThoseThatItTakes()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/info");
        var answer = await edge.SendAsync(request);

        Assert.Equal(405, (int)answer.Status);
        Assert.Equal(
            """{"code":"MethodNotAllowed","message":"There is no DELETE /api/info; this path takes GET."}""",
            answer.Text);
    }

    [Fact]
    public async Task Resolve_NothingFits_NoMatches()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await GetAsync(edge, "/api/resolve?text=zzz");

        Assert.Equal("""{"matches":[]}""", answer.Text);
    }

    [Fact]
    public async Task Callbacks_OneWaits_IsListedWithItsToken()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Executions.Callbacks.Add(Callback);

        var answer = await GetAsync(edge, "/api/callbacks");

        Assert.Contains("\"taskToken\":\"token-1\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Executions_ArnIsNone_RefusedAsJson()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await GetAsync(edge, "/api/executions/nonsense");

        Assert.Equal(400, answer.Status);
        Assert.Contains("\"code\":\"InvalidArn\"", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/executions?prefix=zzz&machine=")]
    [InlineData("/api/executions/watch?machine=")]
    [InlineData("/api/callbacks?machine=")]
    public async Task Executions_NoSuchMachine_IsNotFound(string path)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var missing = await GetAsync(edge, $"{path}{FakeStateMachines.Arn}-other");
        var nonsense = await GetAsync(edge, $"{path}foo");

        Assert.Equal(404, missing.Status);
        Assert.Contains("\"code\":\"StateMachineDoesNotExist\"", missing.Text, StringComparison.Ordinal);
        Assert.Equal(400, nonsense.Status);
        Assert.Contains("\"code\":\"InvalidArn\"", nonsense.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/executions?prefix=zzz&machine=", "executions")]
    [InlineData("/api/callbacks?machine=", "callbacks")]
    public async Task Executions_MachineHasNone_IsEmpty(string path, string member)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await GetAsync(edge, path + FakeStateMachines.Arn);

        Assert.Equal((200, $"{{\"{member}\":[]}}"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Executions_OfADeletedMachine_AreListed()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        // The store of this edge has one execution, whatever machine is asked for.
        var answer = await GetAsync(edge, $"/api/executions?machine={FakeStateMachines.Arn}-deleted");

        Assert.Equal(200, answer.Status);
        Assert.Contains(FakeExecutions.Arn, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/executions?limit=0")]
    [InlineData("/api/executions?limit=x")]
    [InlineData("/api/executions?status=DONE")]
    public async Task Executions_QueryIsWrong_Refused(string path)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        Assert.Equal(400, (await GetAsync(edge, path)).Status);
    }

    [Fact]
    public async Task Watch_ExecutionCloses_ComesAsALine()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        var stop = TestContext.Current.CancellationToken;

        // The headers arrive before anything has closed.
        using var response = await edge.Client.GetAsync(
            new Uri("/api/executions/watch", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, stop);
        await edge.Executions.Closing.Writer.WriteAsync(FakeExecutions.Summary(ExecutionStatus.Failed), stop);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        var line = Assert.IsType<JsonObject>(JsonValue.Parse(await lines.ReadLineAsync(stop) ?? ""));

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("FAILED", line["status"]);
        Assert.Equal(FakeExecutions.Arn, line["executionArn"]);
    }

    [Fact]
    public async Task Watch_ServerStops_StreamEnds()
    {
        var edge = await EdgeUnderTest.StartAsync();
        var stop = TestContext.Current.CancellationToken;
        using var response = await edge.Client.GetAsync(
            new Uri("/api/executions/watch", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, stop);

        await edge.StopAsync();

        Assert.Equal("", await response.Content.ReadAsStringAsync(stop));
    }

    private static PendingCallback Callback { get; } = new()
    {
        TaskToken = "token-1",
        ExecutionArn = FakeExecutions.Arn,
        StateMachineArn = FakeStateMachines.Arn,
        StateName = "Ask",
        Kind = "task-token",
        Resource = "arn:aws:states:::lambda:invoke.waitForTaskToken",
        Since = FakeExecutions.StartedAt,
    };

    private static async Task<Answer> GetAsync(EdgeUnderTest edge, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await edge.SendAsync(request);
    }
}
