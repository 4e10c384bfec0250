using System.Diagnostics;
using Lungfish.Bench.Workloads;

namespace Lungfish.Bench.Measuring;

/// <summary>One workload at one number of clients, once.</summary>
/// <param name="PerSecond">Executions whose end was observed.</param>
/// <param name="P50">Milliseconds from the call that starts an execution to its observed end; so the others.</param>
/// <param name="ServerCpuMicroseconds">Processor time of the server for each execution.</param>
/// <param name="FunctionCpuMicroseconds">Processor time of the processes it started, for each execution.</param>
/// <param name="GeneratorCpuMicroseconds">Processor time of the load generator for each execution.</param>
/// <param name="OtherCores">How many cores everything else on the machine used: noise.</param>
/// <param name="StolenCores">How many others on the host took of them.</param>
internal sealed record Measurement(
    string Workload,
    string Target,
    int Clients,
    double PerSecond,
    double P50,
    double P95,
    double P99,
    double ServerCpuMicroseconds,
    double FunctionCpuMicroseconds,
    double GeneratorCpuMicroseconds,
    double PeakMegabytes,
    double OtherCores,
    double StolenCores = 0)
{
    /// <summary>The targets that are not peers.</summary>
    public const string Lungfish = "lungfish";

    public const string Floor = "floor";

    private static readonly TimeSpan PatienceAfterTheEnd = TimeSpan.FromSeconds(30);

    public static async Task<Measurement> TakeAsync(
        IWorkload workload, string target, int serverProcess, int clientCount, TimeSpan duration)
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, clientCount).Select(workload.OpenClientAsync));
        try
        {
            await using var memory = new MemoryWatch(serverProcess);
            var before = CpuTimes.Now(serverProcess);
            var began = Stopwatch.GetTimestamp();
            var latencies = await RunAsync(clients, duration);
            var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var spent = CpuTimes.Now(serverProcess) - before;

            latencies.Sort();
            return new Measurement(
                workload.Id, target, clientCount, latencies.Count / elapsed,
                Percentile(latencies, 50), Percentile(latencies, 95), Percentile(latencies, 99),
                spent.Server * 1e6 / latencies.Count, spent.Functions * 1e6 / latencies.Count,
                spent.Generator * 1e6 / latencies.Count, memory.PeakMegabytes,
                Math.Max(0, (spent.Machine - spent.Server - spent.Functions - spent.Generator) / elapsed),
                spent.Stolen / elapsed);
        }
        finally
        {
            foreach (var client in clients)
            {
                client.Dispose();
            }
        }
    }

    /// <summary>The median of several takes, of each figure for itself.</summary>
    public static Measurement Median(IReadOnlyList<Measurement> takes)
    {
        return takes[0] with
        {
            PerSecond = Of(take => take.PerSecond),
            P50 = Of(take => take.P50),
            P95 = Of(take => take.P95),
            P99 = Of(take => take.P99),
            ServerCpuMicroseconds = Of(take => take.ServerCpuMicroseconds),
            FunctionCpuMicroseconds = Of(take => take.FunctionCpuMicroseconds),
            GeneratorCpuMicroseconds = Of(take => take.GeneratorCpuMicroseconds),
            PeakMegabytes = takes.Max(take => take.PeakMegabytes),
            OtherCores = Of(take => take.OtherCores),
            StolenCores = Of(take => take.StolenCores),
        };

        double Of(Func<Measurement, double> figure) => Numbers.Median(takes.Select(figure));
    }

    /// <returns>Milliseconds of each execution.</returns>
    private static async Task<List<double>> RunAsync(IClient[] clients, TimeSpan duration)
    {
        var ends = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var runs = clients.Select(client => Task.Run(() => LoopAsync(client, ends))).ToList();
        var lists = await Task.WhenAll(runs).WaitAsync(duration + PatienceAfterTheEnd);
        return lists.SelectMany(list => list).ToList();
    }

    private static async Task<List<double>> LoopAsync(IClient client, long ends)
    {
        var latencies = new List<double>();
        long began;
        while ((began = Stopwatch.GetTimestamp()) < ends)
        {
            await client.RunOnceAsync();
            latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return latencies;
    }

    private static double Percentile(List<double> sorted, int percent) =>
        sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
}
