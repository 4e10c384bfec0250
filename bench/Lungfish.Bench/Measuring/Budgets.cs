using Lungfish.Bench.Workloads;

namespace Lungfish.Bench.Measuring;

/// <summary>What the design asks for: executions a second at 64 clients, and milliseconds at one.</summary>
internal static class Budgets
{
    private static readonly Dictionary<(string Workload, int Clients), (double? PerSecond, double? P50)> All = new()
    {
        [("w1", 1)] = (null, 1.0),
        [("w1", 64)] = (5_000, null),
        [("w1-node", 64)] = (1_200, null),
        [("w1-durable-node", 64)] = (1_200, null),
        [("w1-durable-csharp", 64)] = (3_000, null),
        [("w2-durable-node", 1)] = (null, 6),
        [("w2-durable-node", 64)] = (500, null),
        [("w3", 64)] = (4_000, null),
        [("w3-durable-node", 64)] = (900, null),
        [("w5", 1)] = (null, 60),
        [("w5-durable-node", 1)] = (null, 450),
        [("w5-durable-csharp", 1)] = (null, 450),
        [("w7", 64)] = (1_000, null),
    };

    /// <returns>Empty if the design asks for nothing, or not of this engine.</returns>
    public static string Describe(Measurement result)
    {
        if (result.Target != Measurement.Lungfish)
        {
            return "";
        }

        // A budget is for a durable function, however many of its invocations one process runs at once.
        var workload = result.Workload.EndsWith(Definitions.Concurrent, StringComparison.Ordinal)
            ? result.Workload[..^Definitions.Concurrent.Length]
            : result.Workload;
        var (perSecond, p50) = All.GetValueOrDefault((workload, result.Clients));
        return perSecond is { } rate ? $"{Numbers.Text(rate, 0)}/s {Verdict(result.PerSecond >= rate)}"
            : p50 is { } latency ? $"{Numbers.Text(latency, 1)} ms {Verdict(result.P50 <= latency)}"
            : "";

        static string Verdict(bool met) => met ? "met" : "missed";
    }
}
