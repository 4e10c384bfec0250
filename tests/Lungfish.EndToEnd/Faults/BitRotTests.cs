using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Faults;

/// <summary>Bytes that changed on the disk while no server ran: a damaged execution is set aside by name and the others
/// go on; a damaged file is said in one sentence; nothing crashes over and over.</summary>
public sealed class BitRotTests
{
    private const int SecondsOfAWait = 3;

    private const string FlipOneBit = """
        UPDATE lf_journal SET segment = flip(segment)
        WHERE execution = (SELECT id FROM lf_execution WHERE name = 'damaged')
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Start_OneBitOfAJournalFlipped_SetsThatExecutionAsideByNameAndTheRestGoesOn()
    {
        using var data = new TemporaryFolder();
        var executions = await BeginAsync(data, "healthy", "damaged");
        _ = await Sql.RunAsync(data["lungfish.db"], FlipOneBit);

        await using var server = await ServerProcess.ServeAsync(data.Path);
        using var api = new AwsApi(server.Url);

        await api.WaitForEndAsync(executions["healthy"]);
        var info = await Poll.ForAsync(
            async () => await SetAsideAsync(server) is [{ } only] ? only : null, s_patience, "the damaged one");
        Assert.Equal(executions["damaged"], info["executionArn"]?.GetValue<string>());
        Assert.Contains(executions["damaged"], server.Output, StringComparison.Ordinal);
        var described = await Machines.DescribeAsync(api, executions["damaged"]);
        Assert.True(
            described is { Status: 500 } || described.Body["error"]?.GetValue<string>() == "LUNGFISH.SetAside",
            described.Body.ToJsonString());
        Assert.Contains(executions["damaged"], await ListedAsync(api, executions["damaged"]));
        var (exitCode, doctor) = await ServerProcess.RunAsync(["doctor", "--endpoint", server.Url.ToString()]);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(executions["damaged"], doctor, StringComparison.Ordinal);
        await api.WaitForEndAsync(
            await Machines.StartAsync(api, await Machines.CreateAsync(api, "later", Machines.Pass)));
        Assert.Equal(2, server.Output.Split("was set aside").Length); // It is left alone, not tried again and again.
    }

    [Fact]
    public async Task Start_ExecutionMendedAfterItWasSetAside_GoesOn()
    {
        using var data = new TemporaryFolder();
        var executions = await BeginAsync(data, "damaged");
        _ = await Sql.RunAsync(data["lungfish.db"], FlipOneBit);
        await using (var server = await ServerProcess.ServeAsync(data.Path))
        {
            await Poll.UntilAsync(
                async () => (await SetAsideAsync(server)).Count == 1, s_patience, "the damaged one");
        }

        _ = await Sql.RunAsync(data["lungfish.db"], FlipOneBit); // And back again.

        await using var mended = await ServerProcess.ServeAsync(data.Path);
        using var api = new AwsApi(mended.Url);
        await api.WaitForEndAsync(executions["damaged"]);
    }

    /// <summary>Random bytes of the file of a server that has stopped, from a seed.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Start_RandomBytesOfTheFileFlipped_IsRefusedInOneSentenceOrServes(int seed)
    {
        const int flips = 40;
        using var data = new TemporaryFolder();
        _ = await BeginAsync(data, [.. Enumerable.Range(0, 40).Select(i => $"e{i}")]);
        await Sql.RunAsync(data["lungfish.db"], "SELECT 1"); // All of it into the one file.
        var bytes = await File.ReadAllBytesAsync(data["lungfish.db"]);
        var random = new Random(seed);
        for (var i = 0; i < flips; i++)
        {
            bytes[random.Next(seed <= 2 ? 0 : 8_192, seed <= 2 ? 8_192 : bytes.Length)] ^= (byte)random.Next(1, 256);
        }

        await File.WriteAllBytesAsync(data["lungfish.db"], bytes);

        try
        {
            await using var server = await ServerProcess.ServeAsync(data.Path);
            using var api = new AwsApi(server.Url);
            await Task.Delay(TimeSpan.FromSeconds(SecondsOfAWait + 1)); // All are due, whatever is left of them.
            if (!server.HasExited)
            {
                _ = await api.CallAsync("ListStateMachines", null);
            }

            AssertIsNoCrash(server.Output);
        }
        catch (InvalidOperationException refused)
        {
            Assert.Contains("lungfish.db", refused.Message, StringComparison.Ordinal);
            AssertIsNoCrash(refused.Message);
        }
        catch (HttpRequestException)
        {
            // It ended itself between the two; what it printed is checked by the other tests.
        }
    }

    [Theory]
    [InlineData("x'FF'")]
    [InlineData("CAST('[]' AS BLOB)")]
    [InlineData("""CAST('{"name":"waits","createdAt":"soon"}' AS BLOB)""")]
    public async Task Start_CatalogEntryDamaged_IsRefusedInOneSentence(string value)
    {
        using var data = new TemporaryFolder();
        _ = await BeginAsync(data, "e");
        await Sql.RunAsync(data["lungfish.db"], $"UPDATE lf_catalog SET value = {value} WHERE kind = 'machine'");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.ServeAsync(data.Path));

        Assert.Contains("lungfish.db' is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Contains("lungfish fsck", refused.Message, StringComparison.Ordinal);
        AssertIsNoCrash(refused.Message);
    }

    /// <summary>Executions that wait, in the data of a server that was killed.</summary>
    private static async Task<Dictionary<string, string>> BeginAsync(TemporaryFolder data, params string[] names)
    {
        var arns = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var server = await ServerProcess.ServeAsync(data.Path);
        using var api = new AwsApi(server.Url);
        var machine = await Machines.CreateAsync(api, "waits", Machines.Wait(SecondsOfAWait));
        foreach (var name in names)
        {
            arns[name] = await Machines.StartAsync(api, machine, name);
        }

        await server.KillAsync();
        return arns;
    }

    private static async Task<JsonArray> SetAsideAsync(ServerProcess server)
    {
        using var client = new HttpClient();
        var info = JsonNode.Parse(await client.GetStringAsync(new Uri(server.Url, "/api/info")));
        return info?["setAside"]?.AsArray() ?? [];
    }

    private static async Task<IEnumerable<string>> ListedAsync(AwsApi api, string execution)
    {
        var machine = execution[..execution.LastIndexOf(':')]
            .Replace(":execution:", ":stateMachine:", StringComparison.Ordinal);
        var page = await api.GetAsync("ListExecutions", new JsonObject { ["stateMachineArn"] = machine });
        return page["executions"]?.AsArray().Select(item => Machines.Text(item, "executionArn")) ?? [];
    }

    private static void AssertIsNoCrash(string output)
    {
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Fatal error", output, StringComparison.Ordinal);
    }
}
