using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lungfish.Bench.Measuring;

/// <summary>All of one run: what is printed and what is saved.</summary>
internal sealed record Report(
    DateTimeOffset At, Machine Machine, double SecondsEach, int Takes, IReadOnlyList<Measurement> Results)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Executions a second at 64 clients, and milliseconds at one: what DESIGN.md 12 asks for.</summary>
    private static readonly Dictionary<(string Workload, int Clients), (double? PerSecond, double? P50)> Budgets = new()
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
        [("w5-durable-node", 1)] = (null, 450),
        [("w5-durable-csharp", 1)] = (null, 450),
        [("w7", 64)] = (1_000, null),
    };

    private static readonly string[] Columns =
    [
        "workload", "clients", "per s", "p50 ms", "p95 ms", "p99 ms", "CPU us", "fn CPU us", "RSS MB",
        "floor/s", "floor p50", "of floor", "others", "budget",
    ];

    public string ToTable()
    {
        var rows = Results.Where(result => result.Target == "lungfish").Select(Row).Prepend(Columns).ToList();
        var widths = Columns.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var table = new StringBuilder();
        table.AppendLine(
            CultureInfo.InvariantCulture,
            $"{Machine.ProcessorName}, {Machine.Cores} cores, {Machine.FileSystem}; {Machine.Runtime}; full sync; "
            + $"median of {Takes} x {SecondsEach} s; commit {Machine.Commit}");
        foreach (var row in rows)
        {
            var cells = row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            table.AppendLine(string.Join("  ", cells).TrimEnd());
        }

        return table.ToString();
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private string[] Row(Measurement result)
    {
        // What runs the workload costs the floor nothing, so all kinds of it have the same one.
        var floor = Results.FirstOrDefault(other => other.Target == "floor" && other.Clients == result.Clients
            && other.Workload == result.Workload.Split('-')[0]);
        return
        [
            result.Workload, Text(result.Clients, 0), Text(result.PerSecond, 0),
            Text(result.P50, 2), Text(result.P95, 2), Text(result.P99, 2),
            Text(result.ServerCpuMicroseconds, 0), Text(result.FunctionCpuMicroseconds, 0),
            Text(result.PeakMegabytes, 0), Text(floor?.PerSecond, 0), Text(floor?.P50, 2),
            Text(result.PerSecond / floor?.PerSecond, 2), Text(result.OtherCores, 2), Budget(result),
        ];
    }

    private static string Budget(Measurement result)
    {
        var (perSecond, p50) = Budgets.GetValueOrDefault((result.Workload, result.Clients));
        return perSecond is { } rate ? $"{Text(rate, 0)}/s {Verdict(result.PerSecond >= rate)}"
            : p50 is { } latency ? $"{Text(latency, 1)} ms {Verdict(result.P50 <= latency)}"
            : "";

        static string Verdict(bool met) => met ? "met" : "missed";
    }

    private static string Text(double? value, int decimals) =>
        value?.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) ?? "";
}
