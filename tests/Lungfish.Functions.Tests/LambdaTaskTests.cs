using System.Text;
using Lungfish.Engine.Tasks;
using Lungfish.Integrations;
using Lungfish.Integrations.Tests;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.Functions.Tests;

/// <summary>What tasks make of functions' answers; the recorded cases of the conformance tests hold the rest.</summary>
public sealed class LambdaTaskTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:fn";

    private static readonly LambdaFunctionResource OwnArn = new(Arn);

    [Fact]
    public async Task Invoke_NoFunctionName_IsARuntimeErrorThatNamesTheField()
    {
        await using var host = await FunctionHost.StartAsync();

        var outcome = await RunAsync(host, Invoke(IntegrationPattern.RequestResponse), """{"Payload":{}}""");

        // Recorded form: integrations.md section 9.
        Assert.Equal(
            new TaskFaulted(
                "States.Runtime",
                "The Parameters '{\"Payload\":{}}' could not be used to start the Task: "
                + "[The field 'FunctionName' is required but was missing]"),
            outcome);
    }

    [Fact]
    public async Task Invoke_FunctionFails_HasTheCauseWithoutSpacesAndByArnAsItIs()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync(
            "class Odd(Exception): pass\ndef handler(event, context):\n    raise Odd('x')\n");

        var byArn = Assert.IsType<TaskFaulted>(await RunAsync(host, OwnArn, "{}"));
        var byInvoke = Assert.IsType<TaskFaulted>(
            await RunAsync(host, Invoke(IntegrationPattern.RequestResponse), """{"FunctionName":"fn"}"""));

        Assert.Equal("Odd", byArn.Error);
        Assert.StartsWith("""{"errorMessage": "x", "errorType": "Odd", """, byArn.Cause, StringComparison.Ordinal);
        Assert.Equal("Odd", byInvoke.Error);
        Assert.StartsWith("""{"errorMessage":"x","errorType":"Odd",""", byInvoke.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_ErrorWithoutAType_IsLambdaUnknown()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.Service.CreateAsync(
            new NewFunction
            {
                Name = "fn",
                Runtime = "provided.al2023",
                Handler = "any",
                Timeout = TimeSpan.FromSeconds(30),
                Code = CodeSource.Zip(FunctionHost.ZipOf(("bootstrap", CustomRuntime))),
            },
            FunctionHost.Cancellation);

        // Reported for AWS: integrations.md 3.3.
        Assert.Equal(
            new TaskFaulted(
                "Lambda.Unknown",
                "The cause could not be determined because Lambda did not return an error type. "
                + "Returned payload: {\"errorMessage\":\"what\"}"),
            await RunAsync(host, OwnArn, "{}"));
    }

    [Fact]
    public async Task InvokeWithToken_FunctionAnswers_HandsTheAnswerOver()
    {
        await using var host = await FunctionHost.StartAsync();
        host.Service.Register("fn", (input, _, _) => Task.FromResult(input), TimeSpan.FromSeconds(30));

        var outcome = await RunAsync(
            host, Invoke(IntegrationPattern.WaitForTaskToken), """{"FunctionName":"fn","Payload":{"a":[1]}}""");

        var answer = Assert.IsType<JsonObject>(Assert.IsType<TaskHandedOver>(outcome).Output);
        Assert.Equal("""{"a":[1]}""", answer["Payload"]?.ToText());
        Assert.Equal("200", answer["StatusCode"]?.ToText());
        Assert.Equal(
            """["9"]""",
            ((answer["SdkHttpMetadata"] as JsonObject)?["AllHttpHeaders"] as JsonObject)?["Content-Length"]?.ToText());
    }

    [Fact]
    public async Task Invoke_SameHandOutTwice_HasTheSameRequestId()
    {
        await using var host = await FunctionHost.StartAsync();
        host.Service.Register(
            "fn", (_, context, _) => Task.FromResult<JsonValue>(context.RequestId), TimeSpan.FromSeconds(30));

        var first = Assert.IsType<TaskCompleted>(await RunAsync(host, OwnArn, "{}"));

        Assert.Equal(first, await RunAsync(host, OwnArn, "{}"));
    }

    private const string CustomRuntime =
        """
        #!/bin/sh
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
        while true; do
            id=$(curl -sS -D - -o /dev/null "$api/next" | tr -d '\r' | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //Ip')
            curl -sS -o /dev/null -d '{"errorMessage":"what"}' "$api/$id/error"
        done
        """;

    private static ServiceIntegration Invoke(IntegrationPattern pattern) =>
        new("arn:aws:states:::lambda:invoke", "lambda", "invoke", pattern);

    private static async Task<TaskOutcome> RunAsync(FunctionHost host, TaskResource resource, string input)
    {
        var handler = new LambdaTasks(host.Service, TimeProvider.System).All.Single(h => h.CanRun(resource));
        return await handler.RunAsync(
            Assignments.Of(resource, JsonValue.Parse(Encoding.UTF8.GetBytes(input))), FunctionHost.Cancellation);
    }
}
