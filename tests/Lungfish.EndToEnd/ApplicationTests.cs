using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd;

/// <summary>Whole applications as their authors would run them; the samples are our own, their shapes the
/// field's.</summary>
public sealed partial class ApplicationTests(SharedServer server)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    /// <summary>Application A: a function that starts a machine and tells a contact flow how far it is.</summary>
    [Fact]
    public async Task ConnectWrapper_CalledAgainAndAgain_TellsHowFarTheExecutionIs()
    {
        using var api = new AwsApi(await server.GetUrlAsync());
        var slow = await CreateFunctionAsync(
            api,
            "slow",
            "app.lambda_handler",
            "def lambda_handler(event, context):\n    return {'answer': event['execution']['name']}\n");
        var machine = await api.GetAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = Unique("wrapped"),
            ["roleArn"] = "arn:aws:iam::000000000000:role/any",
            ["definition"] = """
                {"StartAt":"EnrichInput","States":{
                  "EnrichInput":{"Type":"Pass","Parameters":{"id.$":"$$.Execution.Id","name.$":"$$.Execution.Name"},
                                 "ResultPath":"$.execution","Next":"AsyncStep"},
                  "AsyncStep":{"Type":"Task","Resource":"FUNCTION","End":true}}}
                """.Replace("FUNCTION", slow, StringComparison.Ordinal),
        });
        var code =
            await File.ReadAllTextAsync(Repository.PathOf("tests/Lungfish.EndToEnd/Apps/connect-wrapper/app.py"));
        var wrapper = await CreateFunctionAsync(api, "wrapper", "app.lambda_handler", code, new JsonObject
        {
            ["STATE_MACHINE_ARN"] = machine["stateMachineArn"]?.DeepClone(),
        });

        var first = await InvokeAsync(api, wrapper, []);
        var executionArn = first["execution_id"]?.GetValue<string>() ?? "";
        await api.WaitForEndAsync(executionArn);
        var later =
            await InvokeAsync(api, wrapper, new JsonObject { ["execution_id"] = executionArn, ["count"] = "1" });
        var tooLate =
            await InvokeAsync(api, wrapper, new JsonObject { ["execution_id"] = executionArn, ["count"] = "5" });

        Assert.Equal("CREATED", first["status"]?.GetValue<string>());
        Assert.Equal("FINISHED", later["status"]?.GetValue<string>());
        Assert.Equal("SUCCESS", later["sfn_result"]?.GetValue<string>());
        Assert.Equal(executionArn.Split(':')[^1], later["answer"]?.GetValue<string>());
        Assert.Equal("2", later["count"]?.GetValue<string>());
        Assert.Equal("LOOP_DONE", tooLate["status"]?.GetValue<string>());
    }

    /// <summary>Application B: a serverless.yml and curl, nothing else.</summary>
    [Fact]
    public async Task ServerlessApplication_StartedWithCurl_EndsAsItsFunctionReports()
    {
        using var data = new TemporaryFolder();
        await using var dev = await StartDevAsync("tests/Lungfish.EndToEnd/Apps/split-callback", data.Path);
        using var api = new AwsApi(dev.Url);

        var good = await CurlAsync(dev, "dev/start", null);
        var bad = await CurlAsync(dev, "dev/start", """{"outcome":"bad"}""");
        var odd = await CurlAsync(dev, "dev/start", """{"outcome":"odd"}""");

        var succeeded = await api.WaitForEndAsync(good);
        Assert.Equal("SUCCEEDED", succeeded["status"]?.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"msg":"this goes to the next state","status":"looking good"}"""),
            JsonNode.Parse(succeeded["output"]?.GetValue<string>() ?? "")));
        Assert.Equal("Processing failed", (await api.WaitForEndAsync(bad))["error"]?.GetValue<string>());
        Assert.Equal("Unexpected failure", (await api.WaitForEndAsync(odd))["error"]?.GetValue<string>());
    }

    /// <summary>The commands of the sample's README, typed into two shells.</summary>
    [Fact]
    public async Task OrderApproval_ApprovedOverARestart_IsFulfilled()
    {
        using var data = new TemporaryFolder();
        var before = await StartDevAsync("samples/order-approval", data.Path);
        await using (before)
        {
            await LungfishAsync(
                before,
                "execution", "start", "order-approval", "--name", "order-1001",
                "--input", """{"item":"pond","total":450}""");
            await WaitForCallbackAsync(before, "order-1001");
            await before.InterruptAsync();
        }

        await using var after = await StartDevAsync("samples/order-approval", data.Path);
        var waiting = await LungfishAsync(after, "callback", "list");
        await LungfishAsync(after, "callback", "succeed", "order-1001", "--result", """{"approved":true,"by":"Ada"}""");
        using var api = new AwsApi(after.Url);
        var arn = "arn:aws:states:us-east-1:000000000000:execution:order-approval:order-1001";
        var ended = await api.WaitForEndAsync(arn);
        var shown = await LungfishAsync(after, "execution", "show", "order-1001");

        Assert.Contains("order-1001", waiting, StringComparison.Ordinal);
        Assert.Equal("SUCCEEDED", ended["status"]?.GetValue<string>());
        Assert.Contains("order-1001", shown, StringComparison.Ordinal);
    }

    private static async Task<ServerProcess> StartDevAsync(string application, string dataDirectory)
    {
        var dev = await ServerProcess.StartAsync(
            ["dev", Repository.PathOf(application), "--data", dataDirectory, "--urls", "http://127.0.0.1:0"]);
        await Poll.UntilAsync(
            () => Task.FromResult(dev.Output.Contains("Deployed", StringComparison.Ordinal)),
            s_timeout,
            "the deployment");
        return dev;
    }

    private static async Task<string> LungfishAsync(ServerProcess server, params string[] arguments)
    {
        var endpoint =
            new Dictionary<string, string>(StringComparer.Ordinal) { ["LUNGFISH_ENDPOINT"] = server.Url.ToString() };
        var result = await Command.RunAsync(ServerProcess.Executable, arguments, endpoint);
        return result.OutputOfSuccess;
    }

    private static Task WaitForCallbackAsync(ServerProcess server, string execution) => Poll.UntilAsync(
        async () => (await LungfishAsync(server, "callback", "list")).Contains(execution, StringComparison.Ordinal),
        s_timeout,
        $"{execution} to wait for an answer");

    /// <summary>Returns the ARN of the execution that the endpoint started.</summary>
    private static async Task<string> CurlAsync(ServerProcess server, string path, string? body)
    {
        string[] data = body is null ? [] : ["-H", "content-type: application/json", "-d", body];
        var result =
            await Command.RunAsync("curl", ["-sS", "-f", "-X", "GET", .. data, new Uri(server.Url, path).ToString()]);
        return ExecutionArn().Match(result.OutputOfSuccess).Value;
    }

    private static async Task<string> CreateFunctionAsync(
        AwsApi api, string prefix, string handler, string code, JsonObject? variables = null)
    {
        var answer = await api.LambdaAsync(HttpMethod.Post, "functions", new JsonObject
        {
            ["FunctionName"] = Unique(prefix),
            ["Runtime"] = "python3.12",
            ["Handler"] = handler,
            ["Role"] = "arn:aws:iam::000000000000:role/any",
            ["Timeout"] = 30,
            ["Environment"] = new JsonObject { ["Variables"] = variables ?? [] },
            ["Code"] = new JsonObject { ["ZipFile"] = await Zip.OfAsync("app.py", code) },
        });
        return answer.Body["FunctionArn"]?.GetValue<string>() ?? throw new AwsApiException(answer);
    }

    private static async Task<JsonObject> InvokeAsync(AwsApi api, string functionArn, JsonObject parameters)
    {
        var body = new JsonObject { ["Details"] = new JsonObject { ["Parameters"] = parameters } };
        return (await api.LambdaAsync(HttpMethod.Post, $"functions/{functionArn}/invocations", body)).Body;
    }

    private static string Unique(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..20];

    [GeneratedRegex("arn:aws:states:[^\"]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExecutionArn();
}
