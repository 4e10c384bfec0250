using Lungfish.EndToEnd.Running;

namespace Lungfish.EndToEnd;

/// <summary>Unmodified clients against a started server, with only <c>AWS_ENDPOINT_URL</c> set.</summary>
public sealed class ClientTests(SharedServer server)
{
    public static TheoryData<string, string> Boto3Scenarios => Rows(
        ScriptModule.Python, "state_machines", "executions", "callbacks", "functions_api", "map_runs", "test_state",
        "durable_functions");

    public static TheoryData<string, string> JavaScriptScenarios => Rows(ScriptModule.Node, "sdk");

    [Theory]
    [MemberData(nameof(Boto3Scenarios))]
    public async Task Boto3_Scenario_Holds(string module, string scenario)
    {
        Assert.SkipWhen(
            module == "durable_functions" && !await AwsEnvironment.Boto3KnowsDurable.Value,
            "This boto3 is older than durable functions.");
        AssertHolds(await server.GetFailureAsync(ScriptModule.Python(module), scenario));
    }

    [Theory]
    [MemberData(nameof(JavaScriptScenarios))]
    public async Task JavaScriptSdk_Scenario_Holds(string module, string scenario) =>
        AssertHolds(await server.GetFailureAsync(ScriptModule.Node(module), scenario));

    private static void AssertHolds(string? failure) => Assert.True(failure is null, failure);

    private static TheoryData<string, string> Rows(Func<string, ScriptModule> open, params string[] modules)
    {
        var rows = new TheoryData<string, string>();
        foreach (var module in modules)
        {
            foreach (var scenario in open(module).Scenarios)
            {
                rows.Add(module, scenario);
            }
        }

        return rows;
    }
}
