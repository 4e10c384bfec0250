using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Keeping;

/// <summary>A started server with executions in several phases, and what was acknowledged to its clients.</summary>
internal sealed class KeptServer : IAsyncDisposable
{
    private const string Role = "arn:aws:iam::000000000000:role/any";
    private const string Account = "us-east-1:000000000000";

    private readonly ServerProcess _process;

    private KeptServer(ServerProcess process)
    {
        _process = process;
        Api = new AwsApi(process.Url);
    }

    public AwsApi Api { get; }

    public static async Task<KeptServer> StartAsync(string data) => new(await ServerProcess.ServeAsync(data));

    public static string ArnOf(string machine, string name) => $"arn:aws:states:{Account}:execution:{machine}:{name}";

    /// <summary>Machines that sleep, ask and pass on, and a function.</summary>
    public async Task DeployAsync()
    {
        await Api.GetAsync("CreateActivity", new JsonObject { ["name"] = "work" });
        await CreateAsync("sleep", """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3,"End":true}}}""");
        await CreateAsync("pass", """{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}""");
        await CreateAsync(
            "ask",
            """
            {"StartAt":"T","States":{"T":{"Type":"Task","End":true,
              "Resource":"arn:aws:states:ACCOUNT:activity:work"}}}
            """.Replace("ACCOUNT", Account, StringComparison.Ordinal));
        var created = await Api.LambdaAsync(HttpMethod.Post, "functions", new JsonObject
        {
            ["FunctionName"] = "double",
            ["Runtime"] = "python3.12",
            ["Handler"] = "app.handler",
            ["Role"] = Role,
            ["Code"] = new JsonObject
            {
                ["ZipFile"] = await Zip.OfAsync(
                    "app.py", "def handler(event, context): return {'doubled': event['n'] * 2}"),
            },
        });
        Assert.True(created.IsSuccess);
    }

    public async Task StartAsync(string machine, string name, string input = "{}") => await Api.GetAsync(
        "StartExecution",
        new JsonObject
        {
            ["stateMachineArn"] = $"arn:aws:states:{Account}:stateMachine:{machine}",
            ["name"] = name,
            ["input"] = input,
        });

    /// <summary>Takes the next task of the activity.</summary>
    /// <returns>Its token.</returns>
    public async Task<string> TakeTaskAsync()
    {
        var task = await Api.GetAsync(
            "GetActivityTask", new JsonObject { ["activityArn"] = $"arn:aws:states:{Account}:activity:work" });
        return task["taskToken"]?.GetValue<string>() ?? throw new InvalidDataException("No task came.");
    }

    public async Task<string?> StatusAsync(string machine, string name) =>
        (await DescribeAsync(machine, name))["status"]?.GetValue<string>();

    public Task<JsonObject> DescribeAsync(string machine, string name) =>
        Api.GetAsync("DescribeExecution", new JsonObject { ["executionArn"] = ArnOf(machine, name) });

    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _process.DisposeAsync();
    }

    private Task<JsonObject> CreateAsync(string name, string definition) => Api.GetAsync(
        "CreateStateMachine",
        new JsonObject { ["name"] = name, ["definition"] = definition, ["roleArn"] = Role });
}
