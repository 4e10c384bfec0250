using System.Net;
using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd;

/// <summary>The started program: whom it listens to, what it refuses to start on, how it stops.</summary>
public sealed class ServerTests(SharedServer server)
{
    private const string Waiting = """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":2,"End":true}}}""";

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "https://evil.example")]
    public async Task Request_FromAForeignSite_IsForbidden(string header, string value)
    {
        using var client = new HttpClient { BaseAddress = await server.GetUrlAsync() };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value);
        request.Headers.Add("X-Amz-Target", "AWSStepFunctions.ListStateMachines");
        request.Content = new StringContent("{}");

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("serve", "http://0.0.0.0:0")]
    [InlineData("dev", "http://0.0.0.0:0")]
    [InlineData("serve", "http://192.0.2.1:8083")]
    public async Task Start_OnAnAddressOthersReach_IsRefusedInOneSentence(string command, string url)
    {
        using var data = new TemporaryFolder();
        string[] application = command is "dev" ? [Repository.PathOf("samples/order-approval")] : [];

        var (exitCode, output) =
            await ServerProcess.RunAsync([command, .. application, "--data", data.Path, "--urls", url]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains($"Refusing to listen on {url}", output, StringComparison.Ordinal);
        AssertIsNoStackTrace(output);
    }

    [Fact]
    public async Task Start_OnDataInUse_IsRefusedInOneSentenceAndDisturbsNothing()
    {
        using var data = new TemporaryFolder();
        await using var first = await ServerProcess.ServeAsync(data.Path);

        var (exitCode, output) = await ServerProcess.RunAsync(
            ["serve", "--data", data.Path, "--urls", "http://127.0.0.1:0"]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("is in use", output, StringComparison.Ordinal);
        AssertIsNoStackTrace(output);
        using var api = new AwsApi(first.Url);
        Assert.True((await api.CallAsync("ListStateMachines", null)).IsSuccess);
    }

    [Fact]
    public async Task Start_OnDataOfANewerVersion_IsRefusedAndChangesNothing()
    {
        using var data = new TemporaryFolder();
        var first = await ServerProcess.ServeAsync(data.Path);
        await first.InterruptAsync();
        await first.DisposeAsync();
        await Sql.RunAsync(data["lungfish.db"], "UPDATE lf_meta SET value = 99 WHERE key = 'schema_version'");
        var before = await File.ReadAllBytesAsync(data["lungfish.db"]);

        var (exitCode, output) = await ServerProcess.RunAsync(
            ["serve", "--data", data.Path, "--urls", "http://127.0.0.1:0"]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("newer version", output, StringComparison.Ordinal);
        AssertIsNoStackTrace(output);
        Assert.Equal(before, await File.ReadAllBytesAsync(data["lungfish.db"]));
    }

    [Fact]
    public async Task Start_OnAFileThatIsNoDatabase_IsRefusedAndLeavesIt()
    {
        using var data = new TemporaryFolder();
        await File.WriteAllTextAsync(data["lungfish.db"], string.Concat(Enumerable.Repeat("Not a database. ", 500)));

        var (exitCode, output) = await ServerProcess.RunAsync(
            ["serve", "--data", data.Path, "--urls", "http://127.0.0.1:0"]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("lungfish.db", output, StringComparison.Ordinal);
        AssertIsNoStackTrace(output);
        Assert.StartsWith(
            "Not a database.", await File.ReadAllTextAsync(data["lungfish.db"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_WhileAnExecutionWaits_EndsAndTheNextStartGoesOn()
    {
        using var data = new TemporaryFolder();
        string execution;
        var first = await ServerProcess.ServeAsync(data.Path);
        await using (first)
        {
            using var api = new AwsApi(first.Url);
            var machine = await api.GetAsync("CreateStateMachine", Machine("waiting", Waiting));
            var start = new JsonObject { ["stateMachineArn"] = machine["stateMachineArn"]?.DeepClone() };
            execution = (await api.GetAsync("StartExecution", start))["executionArn"]?.GetValue<string>() ?? "";
            Assert.Equal(0, await first.InterruptAsync());
        }

        await using var second = await ServerProcess.ServeAsync(data.Path);
        using var later = new AwsApi(second.Url);
        Assert.Equal("SUCCEEDED", (await later.WaitForEndAsync(execution))["status"]?.GetValue<string>());
    }

    private static JsonObject Machine(string name, string definition) => new()
    {
        ["name"] = name,
        ["definition"] = definition,
        ["roleArn"] = "arn:aws:iam::000000000000:role/any",
    };

    private static void AssertIsNoStackTrace(string output)
    {
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
