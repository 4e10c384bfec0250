using System.Diagnostics;

namespace Lungfish.Functions.Tests;

/// <summary>SDKs inside functions reach the server, also those that are older than <c>AWS_ENDPOINT_URL</c>.</summary>
public sealed class SdkEndpointTests
{
    private const string PythonFunction =
        """
        import boto3
        client = boto3.client('stepfunctions')

        def handler(event, context):
            client.send_task_success(taskToken='token', output='{}')
            return boto3.__version__
        """;

    [Fact]
    public async Task Invoke_CurrentBoto3_CallsTheEndpoint()
    {
        Assert.SkipUnless(Runs("python3", "import boto3"), "python3 has no boto3 here.");
        await AssertCallsTheEndpointAsync(interpreter: null);
    }

    [Fact]
    public async Task Invoke_Boto3OlderThanTheVariable_CallsTheEndpoint()
    {
        const string OldPython = "/usr/bin/python3"; // Debian 12's package python3-boto3 is version 1.26.
        Assert.SkipUnless(
            Runs(OldPython, "import boto3; assert boto3.__version__ < '1.28'"),
            "No old boto3 here: apt install python3-boto3.");
        await AssertCallsTheEndpointAsync(OldPython);
    }

    [Fact]
    public async Task Invoke_ClientWithItsOwnEndpoint_CallsThatOne()
    {
        const string OldPython = "/usr/bin/python3";
        Assert.SkipUnless(Runs(OldPython, "import boto3"), "No boto3 here: apt install python3-boto3.");
        await using var own = await FakeEndpoint.StartAsync();
        await using var host = await FunctionHost.StartAsync(o => o with
        {
            Interpreters = o.Interpreters.Add("python", OldPython),
        });
        _ = await host.CreatePythonAsync(PythonFunction.Replace(
            "'stepfunctions'", $"'stepfunctions', endpoint_url='{own.Url}'", StringComparison.Ordinal));

        var result = await host.InvokeAsync("{}");

        Assert.Null(result.FunctionError);
        Assert.Equal(["AWSStepFunctions.SendTaskSuccess"], own.Targets);
    }

    [Fact]
    public async Task Invoke_JavaScriptSdkTwo_HasTheEndpointInEveryConfiguration()
    {
        await using var host = await FunctionHost.StartAsync();
        // The shape of the SDK's own modules: its loader makes the global configuration anew after the core.
        _ = await host.Service.CreateAsync(
            new NewFunction
            {
                Name = "fn",
                Runtime = "nodejs20.x",
                Handler = "index.handler",
                Timeout = TimeSpan.FromSeconds(30),
                Code = CodeSource.Zip(FunctionHost.ZipOf(
                    ("node_modules/aws-sdk/lib/core.js",
                        "class Config { constructor() { this.update(this.keys) } "
                        + "update(o) { Object.assign(this, o) } }\n"
                        + "Config.prototype.keys = {}; module.exports = { Config, config: new Config() }"),
                    ("node_modules/aws-sdk/index.js",
                        "const A = require('./lib/core'); A.config = new A.Config(); module.exports = A"),
                    ("index.js",
                        "const A = require('aws-sdk'); exports.handler = async () => new A.Config().endpoint"))),
            },
            FunctionHost.Cancellation);

        Assert.Equal("\"http://127.0.0.1:9\"", await host.InvokeForTextAsync("{}"));
    }

    private static async Task AssertCallsTheEndpointAsync(string? interpreter)
    {
        await using var endpoint = await FakeEndpoint.StartAsync();
        await using var host = await FunctionHost.StartAsync(o => o with
        {
            Endpoint = endpoint.Url,
            Interpreters = interpreter is null ? o.Interpreters : o.Interpreters.Add("python", interpreter),
        });
        _ = await host.CreatePythonAsync(PythonFunction);

        var result = await host.InvokeAsync("{}");

        Assert.True(result.FunctionError is null, FunctionHost.TextOf(result));
        Assert.Equal(["AWSStepFunctions.SendTaskSuccess"], endpoint.Targets);
    }

    private static bool Runs(string python, string code)
    {
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", code])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        });
        process?.WaitForExit();
        return process is { ExitCode: 0 };
    }
}
