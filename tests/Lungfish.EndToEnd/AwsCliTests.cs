using System.IO.Compression;
using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd;

/// <summary>The plain <c>aws</c> command against a started server.</summary>
public sealed class AwsCliTests(SharedServer server)
{
    private const string Role = "arn:aws:iam::000000000000:role/any";

    private const string Waiting = """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}""";

    [Fact]
    public async Task Stepfunctions_LifeOfAMachine_WorksThrough()
    {
        var aws = await server.GetAwsCliAsync();
        var machine = Text(await CreateAsync(aws, Waiting), "stateMachineArn");

        var described = await aws.GetAsync("stepfunctions", "describe-state-machine", "--state-machine-arn", machine);
        var started = await aws.GetAsync(
            "stepfunctions", "start-execution", "--state-machine-arn", machine, "--name", "one",
            "--input", """{"a":1}""");
        var execution = Text(started, "executionArn");
        await aws.GetAsync("stepfunctions", "stop-execution", "--execution-arn", execution, "--error", "Enough");
        var stopped = await aws.GetAsync("stepfunctions", "describe-execution", "--execution-arn", execution);
        var listed = await aws.GetAsync(
            "stepfunctions", "list-executions", "--state-machine-arn", machine, "--status-filter", "ABORTED");
        var history = await aws.GetAsync("stepfunctions", "get-execution-history", "--execution-arn", execution);
        await aws.GetAsync("stepfunctions", "delete-state-machine", "--state-machine-arn", machine);
        var gone = await aws.RunAsync("stepfunctions", "describe-state-machine", "--state-machine-arn", machine);

        Assert.Equal(Waiting, Text(described, "definition"));
        Assert.Equal($"{machine.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal)}:one", execution);
        Assert.Equal("ABORTED", Text(stopped, "status"));
        Assert.Equal("Enough", Text(stopped, "error"));
        Assert.Single(listed["executions"]?.AsArray() ?? []);
        Assert.Equal(
            ["ExecutionStarted", "WaitStateEntered", "ExecutionAborted"],
            history["events"]?.AsArray().Select(item => item?["type"]?.GetValue<string>() ?? "") ?? []);
        Assert.NotEqual(0, gone.ExitCode);
        Assert.Contains("(StateMachineDoesNotExist)", gone.ErrorOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lambda_LifeOfAFunction_WorksThrough()
    {
        var aws = await server.GetAwsCliAsync();
        using var folder = new TemporaryFolder();
        var name = $"cli-{Guid.NewGuid():N}"[..16];
        await WriteZipAsync(folder["code.zip"], "app.py", "def handler(event, context):\n    return {'got': event}\n");

        await aws.GetAsync(
            "lambda", "create-function", "--function-name", name, "--runtime", "python3.12", "--handler", "app.handler",
            "--role", Role, "--zip-file", $"fileb://{folder["code.zip"]}");
        await aws.GetAsync("lambda", "wait", "function-active-v2", "--function-name", name);
        await File.WriteAllTextAsync(folder["event.json"], """{"a":1}""");
        var invoked = await aws.GetAsync(
            "lambda", "invoke", "--function-name", name, "--payload", $"fileb://{folder["event.json"]}", folder["answer.json"]);
        await aws.GetAsync("lambda", "delete-function", "--function-name", name);
        var gone = await aws.RunAsync("lambda", "get-function", "--function-name", name);

        Assert.Equal(200, invoked["StatusCode"]?.GetValue<int>());
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"got":{"a":1}}"""), JsonNode.Parse(await File.ReadAllTextAsync(folder["answer.json"]))));
        Assert.Contains("(ResourceNotFoundException)", gone.ErrorOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stepfunctions_OperationThatIsNotThere_SaysSo()
    {
        var aws = await server.GetAwsCliAsync();

        var result = await aws.RunAsync(
            "stepfunctions", "redrive-execution",
            "--execution-arn", "arn:aws:states:us-east-1:000000000000:execution:a:b");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("UnknownOperationException", result.ErrorOutput, StringComparison.Ordinal);
    }

    /// <summary>Application D of the acceptance list: the function hands the token to a script, the script
    /// answers.</summary>
    [Fact]
    public async Task SendTaskSuccess_FromAShellScript_EndsTheExecution()
    {
        var aws = await server.GetAwsCliAsync();
        using var folder = new TemporaryFolder();
        var function = $"shell-{Guid.NewGuid():N}"[..16];
        await WriteZipAsync(
            folder["code.zip"],
            "app.py",
            "def handler(event, context):\n    open(event['file'] + '.new', 'w').write(event['token'])\n"
                + "    import os; os.rename(event['file'] + '.new', event['file'])\n");
        await aws.GetAsync(
            "lambda", "create-function", "--function-name", function, "--runtime", "python3.12",
            "--handler", "app.handler", "--role", Role, "--zip-file", $"fileb://{folder["code.zip"]}");
        var definition = $$$"""
            {"StartAt":"Run","States":{
              "Run":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
                     "Parameters":{"FunctionName":"{{{function}}}",
                                   "Payload":{"token.$":"$$.Task.Token","file.$":"$.file"}},"Next":"After"},
              "After":{"Type":"Pass","Result":"Done","End":true} } }
            """;
        var machine = Text(await CreateAsync(aws, definition), "stateMachineArn");
        await File.WriteAllTextAsync(folder["your-command.sh"], """
            token=$(cat $1)
            aws $AIM stepfunctions send-task-success --task-token $token --task-output '{"status":"success"}'
            """);

        var started = await aws.GetAsync(
            "stepfunctions", "start-execution", "--state-machine-arn", machine,
            "--input", new JsonObject { ["file"] = folder["token"] }.ToJsonString());
        await Poll.UntilAsync(
            () => Task.FromResult(File.Exists(folder["token"])), TimeSpan.FromSeconds(60), "the token");
        var script = await aws.RunShellAsync("sh", folder["your-command.sh"], folder["token"]);
        var again = await aws.RunShellAsync("sh", folder["your-command.sh"], folder["token"]);

        Assert.Equal(0, script.ExitCode);
        Assert.Contains("(TaskTimedOut)", again.ErrorOutput, StringComparison.Ordinal);
        using var api = new AwsApi(await server.GetUrlAsync());
        var result = await api.WaitForEndAsync(Text(started, "executionArn"));
        Assert.Equal("\"Done\"", Text(result, "output"));
    }

    private static Task<JsonNode> CreateAsync(AwsCli aws, string definition) => aws.GetAsync(
        "stepfunctions", "create-state-machine", "--name", $"cli-{Guid.NewGuid():N}"[..16],
        "--definition", definition, "--role-arn", Role);

    private static async Task WriteZipAsync(string path, string entry, string text)
    {
        await using var file = File.Create(path);
        await using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        await using var writer = new StreamWriter(await zip.CreateEntry(entry).OpenAsync());
        await writer.WriteAsync(text);
    }

    private static string Text(JsonNode? json, string name) =>
        json?[name]?.GetValue<string>() ?? throw new InvalidDataException($"No {name} in {json?.ToJsonString()}.");
}
