using System.Text.Json.Nodes;
using Lungfish.Bench.Driving;

namespace Lungfish.Bench.Workloads;

/// <summary>Executions by the Step Functions API of a server that pushes nothing: their ends are asked for, more and
/// more rarely. Its tasks cannot run, so Pass states stand in for them.</summary>
internal sealed class PollingWorkload(string id, Uri server) : IWorkload
{
    private static readonly TimeSpan PollMax = TimeSpan.FromMilliseconds(20);

    private Task<string>? _machine;

    public string Id => id;

    public async Task<IClient> OpenClientAsync(int number)
    {
        var api = new StepFunctionsApi(server);
        _machine ??= api.CreateMachineAsync($"{id}-{Guid.NewGuid():N}", Definition);
        return new Client(api, await _machine);
    }

    private string Definition => id switch
    {
        "w1" => Definitions.OnePass,
        "w5" => Definitions.ThousandPasses,
        _ => Definitions.PassChain,
    };

    private sealed class Client(StepFunctionsApi api, string machine) : IClient
    {
        public async ValueTask RunOnceAsync()
        {
            var started = await api.CallAsync("StartExecution", new JsonObject
            {
                ["stateMachineArn"] = machine,
                ["name"] = Guid.NewGuid().ToString(),
                ["input"] = "{}",
            });
            var arn = StepFunctionsApi.Member(started, "executionArn");
            for (var wait = TimeSpan.FromMilliseconds(1); !await HasEndedAsync(arn); wait = Longer(wait))
            {
                await Task.Delay(wait);
            }
        }

        private async Task<bool> HasEndedAsync(string arn)
        {
            var execution = await api.CallAsync("DescribeExecution", new JsonObject { ["executionArn"] = arn });
            return StepFunctionsApi.Member(execution, "status") switch
            {
                "RUNNING" => false,
                "SUCCEEDED" => true,
                var status => throw new InvalidOperationException($"{arn} ended as {status}."),
            };
        }

        private static TimeSpan Longer(TimeSpan wait) => wait * 1.5 < PollMax ? wait * 1.5 : PollMax;

        public void Dispose() => api.Dispose();
    }
}
