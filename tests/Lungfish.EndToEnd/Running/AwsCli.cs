using System.Text.Json.Nodes;

namespace Lungfish.EndToEnd.Running;

/// <summary>The real <c>aws</c> command.</summary>
internal sealed class AwsCli(Uri endpoint)
{
    // 1.29 and 2.13 were the first to know AWS_ENDPOINT_URL; Debian's older one is told.
    private static readonly Lazy<Task<bool>> s_knowsEndpointVariable = new(KnowsEndpointVariableAsync);

    public async Task<CommandResult> RunAsync(params IEnumerable<string> arguments)
    {
        string[] aim = await s_knowsEndpointVariable.Value ? [] : ["--endpoint-url", endpoint.ToString()];
        return await Command.RunAsync("aws", [.. aim, .. arguments, "--output", "json"], AwsEnvironment.For(endpoint));
    }

    /// <summary>Runs a program that calls <c>aws</c> by itself.</summary>
    public async Task<CommandResult> RunShellAsync(string program, params IEnumerable<string> arguments)
    {
        var environment = AwsEnvironment.For(endpoint);
        environment["AIM"] = await s_knowsEndpointVariable.Value ? "" : $"--endpoint-url {endpoint}";
        return await Command.RunAsync(program, arguments, environment);
    }

    /// <summary>Runs a command that must succeed and parses what it prints.</summary>
    public async Task<JsonNode> GetAsync(params IEnumerable<string> arguments)
    {
        var result = await RunAsync(arguments);
        var output = result.OutputOfSuccess.Trim();
        return output.Length == 0 ? new JsonObject() : JsonNode.Parse(output) ?? new JsonObject();
    }

    /// <summary>True if it has the commands for durable executions: Debian's does not.</summary>
    public async Task<bool> KnowsDurableAsync()
    {
        var complaint = await RunAsync("lambda", "get-durable-execution"); // Without what it requires.
        return complaint.ErrorOutput.Contains("--durable-execution-arn", StringComparison.Ordinal);
    }

    private static async Task<bool> KnowsEndpointVariableAsync()
    {
        // "aws-cli/1.22.34 Python/3.10.6 ..."
        var version = (await Command.RunAsync("aws", ["--version"])).Output.Split('/', ' ')[1].Split('.');
        var major = int.Parse(version[0], CultureInfo.InvariantCulture);
        var minor = int.Parse(version[1], CultureInfo.InvariantCulture);
        return major > 2 || (major == 2 && minor >= 13) || (major == 1 && minor >= 29);
    }
}
