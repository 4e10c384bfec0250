using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Durable;

/// <summary>Application C as <c>cdk synth</c> writes it, deployed by <c>lungfish dev</c> when a test first asks for
/// it.</summary>
public sealed class FlowApplication : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly Lazy<Task<ServerProcess>> _server;

    public FlowApplication() => _server = new(() => StartAsync(_data.Path));

    public static string LaterArn => "arn:aws:lambda:us-east-1:000000000000:function:flow-later";

    public static string SoonArn => "arn:aws:lambda:us-east-1:000000000000:function:flow-soon";

    internal async Task<Uri> GetUrlAsync() => (await _server.Value).Url;

    internal static Task<ServerProcess> StartAsync(string dataDirectory) => ServerProcess.StartAsync(
    [
        "dev", Repository.PathOf("tests/Lungfish.EndToEnd/Apps/durable-flow/cdk.out"), "--data", dataDirectory,
        "--urls", "http://127.0.0.1:0", "--parameter",
        $"Modules={Path.Combine(Path.GetDirectoryName(AwsEnvironment.NodeModules) ?? "", "node_modules")}",
    ]);

    /// <summary>Creates a machine of one task and starts it.</summary>
    /// <returns>The execution's ARN.</returns>
    internal static async Task<string> StartTaskAsync(AwsApi api, string task, string input = "{}")
    {
        var machine = await api.GetAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = $"flow-{Guid.NewGuid():N}",
            ["roleArn"] = "arn:aws:iam::000000000000:role/any",
            ["definition"] = $$"""{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, {{task}} } } }""",
        });
        var started = await api.GetAsync("StartExecution", new JsonObject
        {
            ["stateMachineArn"] = machine["stateMachineArn"]?.DeepClone(),
            ["input"] = input,
        });
        return started["executionArn"]?.GetValue<string>() ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }

        _data.Dispose();
    }
}
