using System.IO.Compression;
using System.Text;
using Lungfish.Json;
using Lungfish.Tests.Shared;

namespace Lungfish.Server.Tests;

/// <summary>Functions with a CapacityProviderConfig, over the Lambda API.</summary>
public sealed class CapacityProviderTests : IDisposable
{
    private const int TestMilliseconds = 180_000; // Only to fail rather than hang.
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:capacity-provider:here";
    private const string Functions = "/2015-03-31/functions";
    private const string At = "Value {0} at 'capacityProviderConfig.";
    private const string Instances = "lambdaManagedInstancesCapacityProviderConfig";

    private readonly TemporaryFolder _data = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task CreateFunction_CapacityProvider_IsReadBackByEveryOperationAndAfterARestart()
    {
        var capacity = Capacity(concurrency: 64, memory: 4);
        await using (var server = await Servers.StartAsync(_data))
        {
            using var client = new ApiClient(server.Url);

            var created = await SendAsync(client, HttpMethod.Post, Functions, Function(capacity));
            var version = await SendAsync(client, HttpMethod.Post, $"{Functions}/fn/versions", JsonObject.Empty);

            Assert.Equal(capacity, created["CapacityProviderConfig"]);
            Assert.Equal(capacity, version["CapacityProviderConfig"]);
        }

        await using var again = await Servers.StartAsync(_data);
        using var caller = new ApiClient(again.Url);
        foreach (var path in (string[])["fn/configuration", "fn/configuration?Qualifier=1"])
        {
            Assert.Equal(capacity, (await caller.GetAsync($"{Functions}/{path}"))["CapacityProviderConfig"]);
        }

        var function = (JsonObject?)(await caller.GetAsync($"{Functions}/fn"))["Configuration"];
        Assert.Equal(capacity, function?["CapacityProviderConfig"]);
    }

    [Fact]
    public async Task UpdateFunctionConfiguration_CapacityProvider_TakesThePlaceOfTheFormerOne()
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        _ = await SendAsync(client, HttpMethod.Post, Functions, Function(Capacity(concurrency: 64, memory: 4)));

        var changed = await SendAsync(client, HttpMethod.Put, $"{Functions}/fn/configuration", With(Capacity(2)));
        var same = await SendAsync(
            client, HttpMethod.Put, $"{Functions}/fn/configuration", JsonObject.Of("Timeout", 5));

        Assert.Equal(Capacity(2), changed["CapacityProviderConfig"]);
        Assert.Equal(Capacity(2), same["CapacityProviderConfig"]);
    }

    [Fact]
    public async Task UpdateFunctionConfiguration_FunctionWithoutACapacityProvider_CannotGetOne()
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        _ = await SendAsync(client, HttpMethod.Post, Functions, Function(capacity: null));

        var (status, error, refusal) = await TrySendAsync(
            client, HttpMethod.Put, $"{Functions}/fn/configuration", With(Capacity(2)));

        Assert.Equal((400, "InvalidParameterValueException"), (status, error));
        Assert.Contains("without it", refusal.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", At + Instances + "' failed to satisfy constraint: Member must not be null", "null")]
    [InlineData(
        """{"I":{}}""",
        At + Instances + ".capacityProviderArn' failed to satisfy constraint: Member must not be null",
        "null")]
    [InlineData(
        """{"I":{"CapacityProviderArn":"here"}}""",
        At + Instances + ".capacityProviderArn' failed to satisfy constraint: Member must satisfy regular expression",
        "'here'")]
    [InlineData(
        """{"I":{"CapacityProviderArn":"ARN","PerExecutionEnvironmentMaxConcurrency":0}}""",
        At + Instances + ".perExecutionEnvironmentMaxConcurrency' failed to satisfy constraint: "
        + "Member must have value greater than or equal to 1",
        "'0'")]
    [InlineData(
        """{"I":{"CapacityProviderArn":"ARN","PerExecutionEnvironmentMaxConcurrency":1601}}""",
        At + Instances + ".perExecutionEnvironmentMaxConcurrency' failed to satisfy constraint: "
        + "Member must have value less than or equal to 1600",
        "'1601'")]
    [InlineData(
        """{"I":{"CapacityProviderArn":"ARN","ExecutionEnvironmentMemoryGiBPerVCpu":1.5}}""",
        At + Instances + ".executionEnvironmentMemoryGiBPerVCpu' failed to satisfy constraint: "
        + "Member must have value greater than or equal to 2",
        "'1.5'")]
    [InlineData(
        """{"I":{"CapacityProviderArn":"ARN","ExecutionEnvironmentMemoryGiBPerVCpu":8.5}}""",
        At + Instances + ".executionEnvironmentMemoryGiBPerVCpu' failed to satisfy constraint: "
        + "Member must have value less than or equal to 8",
        "'8.5'")]
    public async Task CreateFunction_CapacityProviderOutsideOfTheModel_IsRefused(
        string capacity, string message, string value)
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        capacity = capacity
            .Replace("\"I\"", "\"LambdaManagedInstancesCapacityProviderConfig\"", StringComparison.Ordinal)
            .Replace("ARN", Arn, StringComparison.Ordinal);

        var (status, error, refusal) = await TrySendAsync(
            client, HttpMethod.Post, Functions, Function((JsonObject)JsonValue.Parse(capacity)));

        Assert.Equal((400, "ValidationException"), (status, error));
        Assert.Contains(
            message.Replace("{0}", value, StringComparison.Ordinal), refusal.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", Functions)]
    [InlineData("POST", Functions + "/fn/versions")]
    [InlineData("PUT", Functions + "/fn/code")]
    public async Task Publish_ToLatestPublished_IsRefusedByName(string method, string path)
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        _ = await SendAsync(client, HttpMethod.Post, Functions, Function(Capacity(2)));

        var (status, error, refusal) = await TrySendAsync(
            client, new HttpMethod(method), path, Function(Capacity(2)).With("PublishTo", "LATEST_PUBLISHED"));

        Assert.Equal((400, "InvalidParameterValueException"), (status, error));
        Assert.Contains("PublishTo", refusal.Text("message"), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_TwoDurableExecutionsAtTheSameTime_RunInOneProcess()
    {
        await using var server = await Servers.StartAsync(_data);
        using var client = new ApiClient(server.Url);
        var durable = JsonObject.Of(("ExecutionTimeout", 600), ("RetentionPeriodInDays", 1));
        _ = await SendAsync(
            client, HttpMethod.Post, Functions, Function(Capacity(8)).With("DurableConfig", durable));
        var process = await InvokeAsync("alone");

        var together = await Task.WhenAll(InvokeAsync("first"), InvokeAsync("second"));

        Assert.Equal([process, process], together);

        async Task<string> InvokeAsync(string name)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Post, $"{Functions}/fn/invocations?Qualifier=$LATEST");
            request.Headers.Add("X-Amz-Durable-Execution-Name", name);
            request.Content = new StringContent($"\"{name}\"");
            using var response = await client.Http.SendAsync(request, Cancellation);
            Assert.False(response.Headers.Contains("X-Amz-Function-Error"));
            return await response.Content.ReadAsStringAsync(Cancellation);
        }
    }

    private static JsonObject Capacity(int? concurrency = null, double? memory = null)
    {
        var instances = JsonObject.Of("CapacityProviderArn", Arn);
        instances = concurrency is { } c ? instances.With("PerExecutionEnvironmentMaxConcurrency", c) : instances;
        instances = memory is { } m ? instances.With("ExecutionEnvironmentMemoryGiBPerVCpu", m) : instances;
        return JsonObject.Of("LambdaManagedInstancesCapacityProviderConfig", instances);
    }

    private static JsonObject With(JsonObject capacity) => JsonObject.Of("CapacityProviderConfig", capacity);

    private static JsonObject Function(JsonObject? capacity)
    {
        // Checkpoints a step; then, but for the first execution of a process, waits for another one.
        const string Code =
            """
            let waiting = null;
            exports.handler = async (event) => {
              const { DurableExecutionArn, CheckpointToken } = event;
              const step = { Id: '1', Type: 'STEP', Name: 'one' };
              const Updates = [{ ...step, Action: 'START' }, { ...step, Action: 'SUCCEED', Payload: '1' }];
              await event.durableExecutionClient.checkpoint({ DurableExecutionArn, CheckpointToken, Updates });
              if (waiting === null) {
                waiting = [];
              } else {
                await new Promise((resolve) => {
                  waiting.push(resolve);
                  if (waiting.length === 2) waiting.forEach((go) => go());
                });
              }
              return { Status: 'SUCCEEDED', Result: `${process.pid}` };
            };
            """;
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("index.js").Open();
            entry.Write(Encoding.UTF8.GetBytes(Code));
        }

        var package = Convert.ToBase64String(bytes.ToArray());
        var function = JsonObject.Of(
            ("FunctionName", "fn"),
            ("Runtime", "nodejs22.x"),
            ("Role", "arn:aws:iam::000000000000:role/r"),
            ("Handler", "index.handler"),
            ("Timeout", 60),
            ("Code", JsonObject.Of("ZipFile", package)),
            ("ZipFile", package)); // For UpdateFunctionCode.
        return capacity is null ? function : function.With("CapacityProviderConfig", capacity);
    }

    private static async Task<JsonObject> SendAsync(
        ApiClient client, HttpMethod method, string path, JsonObject body)
    {
        var (status, _, answer) = await TrySendAsync(client, method, path, body);
        return status < 300 ? answer : throw new InvalidOperationException($"{status}: {answer.ToText()}");
    }

    private static async Task<(int Status, string? Error, JsonObject Answer)> TrySendAsync(
        ApiClient client, HttpMethod method, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = new StringContent(body.ToText(), Encoding.UTF8, "application/json");
        using var response = await client.Http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        var error = response.Headers.TryGetValues("x-amzn-ErrorType", out var errors) ? errors.Single() : null;
        return ((int)response.StatusCode, error, Assert.IsType<JsonObject>(JsonValue.Parse(text)));
    }
}
