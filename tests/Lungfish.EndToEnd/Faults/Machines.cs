using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Faults;

/// <summary>What the fault tests start, and how they look at it.</summary>
internal static class Machines
{
    public const string Pass = """{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}""";

    public static string Wait(int seconds) =>
        $$$$"""{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":{{{{seconds}}}},"End":true}}}""";

    public static async Task<string> CreateAsync(AwsApi api, string name, string definition)
    {
        var created = await api.GetAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = name,
            ["definition"] = definition,
            ["roleArn"] = "arn:aws:iam::000000000000:role/any",
        });
        return Text(created, "stateMachineArn");
    }

    public static Task<ApiAnswer> TryStartAsync(AwsApi api, string machine, string? name = null, string? input = null)
    {
        var body = new JsonObject { ["stateMachineArn"] = machine };
        if (name is not null)
        {
            body["name"] = name;
        }

        if (input is not null)
        {
            body["input"] = input;
        }

        return api.CallAsync("StartExecution", body);
    }

    /// <returns>The ARN of an execution that was acknowledged.</returns>
    public static async Task<string> StartAsync(AwsApi api, string machine, string? name = null)
    {
        var answer = await TryStartAsync(api, machine, name);
        return answer.IsSuccess ? Text(answer.Body, "executionArn") : throw new AwsApiException(answer);
    }

    public static Task<ApiAnswer> DescribeAsync(AwsApi api, string execution) =>
        api.CallAsync("DescribeExecution", new JsonObject { ["executionArn"] = execution });

    public static async Task<string> StatusAsync(AwsApi api, string execution) =>
        Text((await DescribeAsync(api, execution)).Body, "status");

    public static string Text(JsonNode? json, string name) =>
        json?[name]?.GetValue<string>() ?? throw new InvalidDataException($"No {name} in {json?.ToJsonString()}.");
}
