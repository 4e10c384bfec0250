using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Durable;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Faults;

/// <summary>Whoever asks over HTTP for what is damaged is told so by the execution's name; what is whole is
/// answered.</summary>
public sealed class DamagedReadsTests
{
    private const string FlipOneBitOfEachSegment = """
        UPDATE lf_journal SET segment = flip(segment)
        WHERE execution IN (SELECT id FROM lf_execution WHERE name LIKE 'damaged%')
        """;

    /// <summary>Ends at once, or says that it waits for a day.</summary>
    private const string Code = """
        exports.handler = async (event) => {
          if (event.InitialExecutionState.Operations[0].ExecutionDetails.InputPayload === '"ends"') {
            return { Status: 'SUCCEEDED', Result: '1' };
          }
          const path = `/2025-12-01/durable-executions/${encodeURIComponent(event.DurableExecutionArn)}/checkpoint`;
          await fetch(process.env.AWS_ENDPOINT_URL_LAMBDA + path, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({
              CheckpointToken: event.CheckpointToken,
              Updates: [{ Id: '1', Type: 'WAIT', Action: 'START', WaitOptions: { WaitSeconds: 86400 } }],
            }),
          });
          return { Status: 'PENDING' };
        };
        """;

    [Fact]
    public async Task Read_ExecutionOfAMachineDamaged_IsRefusedByItsName()
    {
        using var data = new TemporaryFolder();
        string machine, damaged, healthy;
        await using (var server = await ServerProcess.ServeAsync(data.Path))
        {
            using var before = new AwsApi(server.Url);
            machine = await Machines.CreateAsync(before, "passes", Machines.Pass);
            damaged = await Machines.StartAsync(before, machine, "damaged");
            healthy = await Machines.StartAsync(before, machine, "healthy");
            await before.WaitForEndAsync(damaged);
            await before.WaitForEndAsync(healthy);
        }

        _ = await Sql.RunAsync(data["lungfish.db"], FlipOneBitOfEachSegment);
        await using var again = await ServerProcess.ServeAsync(data.Path);
        using var api = new AwsApi(again.Url);

        foreach (var action in (string[])["DescribeExecution", "GetExecutionHistory"])
        {
            var refused = await api.CallAsync(action, new JsonObject { ["executionArn"] = damaged });
            Assert.Equal((500, "InternalFailure"), (refused.Status, refused.ErrorCode));
            Assert.Contains($"'{damaged}' was set aside", refused.ErrorMessage, StringComparison.Ordinal);
            _ = await api.GetAsync(action, new JsonObject { ["executionArn"] = healthy });
        }

        var listed = await api.GetAsync("ListExecutions", new JsonObject { ["stateMachineArn"] = machine });
        Assert.Equal(2, listed["executions"]?.AsArray().Count);
    }

    [Fact]
    public async Task Read_DurableExecutionDamaged_IsRefusedByItsName()
    {
        using var data = new TemporaryFolder();
        Started ended, waiting, healthy;
        await using (var server = await ServerProcess.ServeAsync(data.Path))
        {
            await CreateFunctionAsync(server.Url);
            using var before = new DurableApi(server.Url);
            healthy = await before.StartAsync("f", "$LATEST", "healthy", "\"ends\"");
            ended = await before.StartAsync("f", "$LATEST", "damaged-ended", "\"ends\"");
            waiting = await before.StartAsync("f", "$LATEST", "damaged-waiting", "\"waits\"");
            _ = await before.WaitForEndAsync(healthy.Arn);
            _ = await before.WaitForEndAsync(ended.Arn);
            await Poll.UntilAsync(
                async () => (await before.ReadHistoryAsync(waiting.Arn)) is [.., var last]
                    && last["EventType"]?.GetValue<string>() == "InvocationCompleted",
                TimeSpan.FromSeconds(90),
                "the function to say that it waits");
        }

        _ = await Sql.RunAsync(data["lungfish.db"], FlipOneBitOfEachSegment);
        await using var again = await ServerProcess.ServeAsync(data.Path);
        using var api = new AwsApi(again.Url);

        foreach (var arn in (string[])[ended.Arn, waiting.Arn])
        {
            await IsRefusedAsync(api, HttpMethod.Get, arn, "");
            await IsRefusedAsync(api, HttpMethod.Get, arn, "/history");
        }

        await IsRefusedAsync(api, HttpMethod.Post, ended.Arn, "/redrive");
        await IsRefusedAsync(api, HttpMethod.Post, waiting.Arn, "/stop");
        using var durable = new DurableApi(again.Url);
        _ = await durable.DescribeAsync(healthy.Arn);
        Assert.NotEmpty(await durable.ReadHistoryAsync(healthy.Arn));
        Assert.Equal(3, (await durable.ListAsync()).Count);
    }

    private static async Task IsRefusedAsync(AwsApi api, HttpMethod method, string arn, string what)
    {
        var refused = await api.RestAsync(
            method, $"/2025-12-01/durable-executions/{Uri.EscapeDataString(arn)}{what}");

        Assert.Equal((500, "ServiceException"), (refused.Status, refused.ErrorCode));
        Assert.Contains($"'{arn}' was set aside", refused.ErrorMessage, StringComparison.Ordinal);
    }

    private static async Task CreateFunctionAsync(Uri server)
    {
        using var api = new AwsApi(server);
        var answer = await api.LambdaAsync(HttpMethod.Post, "functions", new JsonObject
        {
            ["FunctionName"] = "f",
            ["Runtime"] = "nodejs20.x",
            ["Handler"] = "index.handler",
            ["Role"] = "arn:aws:iam::000000000000:role/any",
            ["Timeout"] = 60,
            ["DurableConfig"] = new JsonObject { ["ExecutionTimeout"] = 86_400, ["RetentionPeriodInDays"] = 1 },
            ["Code"] = new JsonObject { ["ZipFile"] = await Zip.OfAsync("index.js", Code) },
        });
        Assert.True(answer.IsSuccess, answer.ErrorMessage);
    }
}
