using System.Net;
using System.Text;
using Lungfish.Json;

namespace Lungfish.Cli.Tests;

/// <summary>Runs <c>lungfish dev</c> on a folder, with a server on a free port, as a person would.</summary>
public sealed class DevTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lungfish-dev");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Dev_HttpEvent_StartsTheMachineAsApiGatewayDoes()
    {
        WriteService("Done");
        await using var dev = await StartAsync();

        var got = await dev.Http.GetAsync("dev/start", TestContext.Current.CancellationToken);
        var body = await got.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, got.StatusCode);
        var answer = (JsonObject)JsonValue.Parse(body);
        const string Arn = ":execution:MainStepFunctionsStateMachine-[A-Za-z0-9]{12}:[0-9a-f-]{36}$";
        Assert.Matches(Arn, ((JsonString?)answer["executionArn"])?.Value);
        Assert.IsType<JsonNumber>(answer["startDate"]);
    }

    [Theory]
    [InlineData("GET", "dev/start", "text/plain", "", 415)]
    [InlineData("POST", "dev/start", "application/json", "{}", 403)]
    [InlineData("GET", "dev/elsewhere", null, "", 403)]
    [InlineData("POST", "dev/orders", "application/json", "{", 400)]
    [InlineData("POST", "dev/orders", "application/json", "{\"a\": 1}", 200)]
    [InlineData("POST", "dev/orders", "application/x-www-form-urlencoded", "a=1", 200)]
    public async Task Dev_HttpEvent_AnswersAsApiGatewayDoes(
        string method, string path, string? type, string body, int status)
    {
        WriteService("Done");
        await using var dev = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (type is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }

        var answer = await dev.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Dev_FileChanges_DeploysAgainAndServesTheNewDefinition()
    {
        WriteService("Before");
        await using var dev = await StartAsync();

        WriteService("After");
        await dev.Error.UntilAsync("deployed main");

        var machines = await dev.RunAsync("machine", "show", "main", "-o", "json");
        Assert.Contains("After", machines.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dev_MistakeInTheFile_TellsItAndKeepsWhatWasDeployed()
    {
        WriteService("Before");
        await using var dev = await StartAsync();

        WriteService("Before", "Nowhere");
        await dev.Error.UntilAsync("serverless.yml:11:");

        var started = await dev.Http.GetAsync("dev/start", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, started.StatusCode);
    }

    [Fact]
    public async Task Dev_ExecutionFails_TellsWhy()
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "serverless.yml"),
            """
            service: demo
            provider: {name: aws}
            stepFunctions:
              stateMachines:
                main:
                  definition:
                    StartAt: Only
                    States:
                      Only: {Type: Fail, Error: Empty, Cause: "nothing\nis left"}
            """);
        await using var dev = await StartAsync();

        var started = await dev.RunAsync("execution", "start", "main", "--name", "one");

        Assert.Equal(0, started.ExitCode);
        await dev.Error.UntilAsync("one FAILED in ");
        await dev.Error.UntilAsync("  Empty: nothing is left\n");
    }

    [Fact]
    public async Task Dev_DurableExecutionFails_TellsWhy()
    {
        const string Failed =
            "{'Status': 'FAILED', 'Error': {'ErrorType': 'Empty', 'ErrorMessage': 'x' * 200}}";
        WriteTemplate($"\"def handler(event, context): return {Failed}\"", comment: "any");
        await using var dev = await StartAsync();

        _ = await dev.RunAsync("function", "invoke", "orders:live", "--name", "one");

        await dev.Error.UntilAsync("one FAILED in ");
        await dev.Error.UntilAsync($"  Empty: {new string('x', 112)}…\n");
    }

    [Fact]
    public async Task Dev_InvocationOfADurableExecutionFails_TellsWhyWhileItIsTriedAgain()
    {
        WriteTemplate("\"def handler(event, context): raise ValueError('one\\\\ntwo')\"", comment: "any");
        await using var dev = await StartAsync();

        var invoked = await dev.RunAsync("function", "invoke", "orders:live", "--name", "one", "--async");

        Assert.Equal(0, invoked.ExitCode);
        await dev.Error.UntilAsync("/one/");
        await dev.Error.UntilAsync(" failed: ValueError: one two\n");
    }

    [Fact]
    public async Task Dev_StartedAgain_FindsItsMachineAndExecutions()
    {
        WriteService("Done");
        string before;
        await using (var first = await StartAsync())
        {
            Assert.Equal(0, (await first.RunAsync("execution", "start", "main", "--name", "kept")).ExitCode);
            before = (await first.RunAsync("machine", "list", "-o", "id")).Out;
        }

        await using var second = await StartAsync();

        Assert.Equal(before, (await second.RunAsync("machine", "list", "-o", "id")).Out);
        Assert.Equal(0, (await second.RunAsync("execution", "watch", "kept")).ExitCode);
    }

    [Fact]
    public async Task Dev_PortIsTaken_SaysSoAndExitsWithOne()
    {
        WriteService("Done");
        await using var dev = await StartAsync();

        var run = await dev.RunAsync(
            "dev", _folder.FullName, "--urls", dev.Url, "--data", Path.Combine(_folder.FullName, "other"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--urls", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dev_TemplateChanges_PublishesAVersionOnlyIfTheFunctionHasChanged()
    {
        WriteTemplate("x = 1", "first");
        await using var dev = await StartAsync();
        var first = await dev.RunAsync("function", "versions", "orders", "-o", "id");

        WriteTemplate("x = 1", "second");
        await dev.Error.UntilAsync("deployed Flow");
        var same = await dev.RunAsync("function", "versions", "orders", "-o", "id");
        WriteTemplate("x = 2", "second");
        await dev.Error.UntilAsync("deployed Orders (version 2)");
        var second = await dev.RunAsync("function", "versions", "orders", "-o", "id");

        const string Function = "arn:aws:lambda:us-east-1:000000000000:function:orders";
        Assert.Equal($"{Function}:$LATEST\n{Function}:1\n", first.Out);
        Assert.Equal(first.Out, same.Out);
        Assert.Equal($"{first.Out}{Function}:2\n", second.Out);
        var flow = await dev.RunAsync("machine", "show", "flow", "-o", "json");
        Assert.Contains($"{Function}:2", flow.Out, StringComparison.Ordinal);
        var alias = await dev.RunAsync("function", "aliases", "orders", "-o", "json");
        Assert.Contains("\"FunctionVersion\": \"2\"", alias.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("package.json")]
    [InlineData("deployment.json")]
    public async Task Dev_FileThatItReadsIsNoJson_NamesItAndItsPlace(string file)
    {
        WriteFolderTemplate("nodejs22.x");
        File.WriteAllText(Path.Combine(_folder.FullName, file), "{\n");

        var run = await CliRun.Of(
            new SocketsHttpHandler(),
            "dev", _folder.FullName, "--data", _folder.FullName, "--urls", "http://127.0.0.1:0");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"/{file} is no JSON (line 2, column 1)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dev_BareDefinition_SaysHowToCreateIt()
    {
        var file = Path.Combine(_folder.FullName, "order.asl.json");
        File.WriteAllText(file, "{}");

        var run = await CliRun.Of(new NoServer(), "dev", file);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("create-state-machine", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dev_DataLiesWithinTheCode_IsNoPartOfIt()
    {
        WriteFolderTemplate();

        await using var dev = await StartAsync("state"); // Held by the server: nobody else may read its lock.

        Assert.Equal("1\n", (await dev.RunAsync("function", "invoke", "orders")).Out);
    }

    [Fact]
    public async Task Dev_PackageJsonBesideAnotherLanguage_InstallsNothing()
    {
        WriteFolderTemplate();
        File.WriteAllText(
            Path.Combine(_folder.FullName, "package.json"),
            """{"name": "tools", "dependencies": {"that-is-nowhere": "file:./nowhere"}}""");

        await using var dev = await StartAsync();

        Assert.Equal("1\n", (await dev.RunAsync("function", "invoke", "orders")).Out);
        Assert.False(Directory.Exists(Path.Combine(_folder.FullName, "node_modules")));
    }

    /// <summary>One function whose code is the folder.</summary>
    private void WriteFolderTemplate(string runtime = "python3.13")
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "template.yaml"),
            $$"""
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Orders:
                Type: AWS::Serverless::Function
                Properties: {FunctionName: orders, CodeUri: ., Handler: index.handler, Runtime: {{runtime}}}
            """);
        File.WriteAllText(Path.Combine(_folder.FullName, "index.py"), "def handler(event, context): return 1\n");
    }

    /// <param name="code">Of the durable function.</param>
    /// <param name="comment">Of the machine that calls its version.</param>
    private void WriteTemplate(string code, string comment) => File.WriteAllText(
        Path.Combine(_folder.FullName, "template.yaml"),
        $$"""
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Properties:
              FunctionName: orders
              InlineCode: {{code}}
              Handler: index.handler
              Runtime: python3.13
              AutoPublishAlias: live
              DurableConfig: {ExecutionTimeout: 60}
              CapacityProviderConfig:
                Arn: arn:aws:lambda:us-east-1:000000000000:capacity-provider:here
                PerExecutionEnvironmentMaxConcurrency: 8
                ExecutionEnvironmentMemoryGiBPerVCpu: 4.0
          Flow:
            Type: AWS::StepFunctions::StateMachine
            Properties:
              StateMachineName: flow
              RoleArn: any
              Definition:
                Comment: {{comment}}
                StartAt: A
                States:
                  A: {Type: Task, Resource: !Ref Orders.Version, End: true}
        Outputs:
          Version: {Value: !Ref Orders.Version}
        """);

    /// <param name="result">What the only state answers.</param>
    /// <param name="startAt">Another name than Only makes the definition invalid.</param>
    private void WriteService(string result, string startAt = "Only") => File.WriteAllText(
        Path.Combine(_folder.FullName, "serverless.yml"),
        $$"""
        service: demo
        provider: {name: aws}
        stepFunctions:
          stateMachines:
            main:
              events:
                - http: GET start
                - http: POST orders
              definition:
                Comment: what changes
                StartAt: {{startAt}}
                States:
                  Only: {Type: Pass, Result: {{result}}, End: true}
        """);

    /// <param name="data">The folder within the application's that holds the server's data.</param>
    private Task<DevRun> StartAsync(string data = ".lungfish") =>
        DevRun.StartAsync(_folder.FullName, "--data", Path.Combine(_folder.FullName, data));
}
