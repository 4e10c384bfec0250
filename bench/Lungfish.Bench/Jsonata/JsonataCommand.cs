using System.Diagnostics;
using System.Globalization;
using Lungfish.Bench.Measuring;
using Lungfish.Json;

namespace Lungfish.Bench.Jsonata;

/// <summary>Our JSONata beside the reference implementation in Node: the same expressions and inputs, each in a process
/// of its own, in turns. What the two answer must be equal.</summary>
internal static class JsonataCommand
{
    private const string Script = "bench/js/jsonata.mjs";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var isQuick = arguments.Contains("--quick");
        var takes = isQuick ? 1 : 3;
        var seconds = isQuick ? 0.2 : 0.4;
        var names = arguments.Where(a => !a.StartsWith('-')).ToList();
        var cases = JsonataCases.All.Where(c => names.Count == 0 || names.Contains(c.Name)).ToList();
        var directory = Directory.CreateTempSubdirectory("lungfish-bench").FullName;
        try
        {
            Console.WriteLine(Machine.Describe(Environment.CurrentDirectory));
            Console.WriteLine(
                $"{"expression",-20}{"input",9}{"per s",13}{"node per s",13}{"ratio",8}{"bytes each",13}");
            var results = await MeasureAsync(cases, directory, takes, seconds);
            var ratios = results.Select(r => r.Ratio).Order().ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"ratio: at least {ratios[0]:N1}, at the median {ratios[ratios.Count / 2]:N1}"));
            return results.TrueForAll(r => r.AreEqual) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<List<Result>> MeasureAsync(
        IReadOnlyList<JsonataCase> cases, string directory, int takes, double seconds)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This program has no path.");
        using var ours = new Child(program, [typeof(JsonataCommand).Assembly.Location, "jsonata-child"]);
        using var node = new Child("node", [Script]);
        var results = new List<Result>();
        foreach (var measured in cases)
        {
            var input = JsonataCases.InputOf(measured.Orders);
            var file = Path.Combine(directory, $"{measured.Orders}.json");
            await File.WriteAllTextAsync(file, input.ToText());
            var request = JsonObject.Of(
                ("expression", measured.Expression), ("inputFile", file), ("seconds", seconds)).ToText();
            var pairs = new List<(JsonObject Ours, JsonObject Node)>();
            for (var take = 0; take < takes; take++)
            {
                pairs.Add((await ours.AskAsync(request), await node.AskAsync(request)));
            }

            var result = new Result(
                Median(pairs.Select(p => p.Ours)),
                Median(pairs.Select(p => p.Node)),
                Number(pairs[0].Ours, "bytes"),
                Equals(pairs[0].Ours["result"], pairs[0].Node["result"]));
            results.Add(result);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{measured.Name,-20}{input.Utf8Length / 1024.0,5:N0} KiB{result.PerSecond,13:N0}"
                + $"{result.NodePerSecond,13:N0}{result.Ratio,8:N1}{result.Bytes,13:N0}"
                + $"{(result.AreEqual ? "" : "  ANSWERS DIFFER")}"));
        }

        return results;
    }

    private static double Median(IEnumerable<JsonObject> answers) =>
        answers.Select(a => Number(a, "perSecond")).Order().ToList() is var all ? all[all.Count / 2] : 0;

    private static double Number(JsonObject answer, string member) => answer[member] is JsonNumber number
        ? number.Value
        : throw new InvalidDataException($"The answer has no {member}: {answer.ToText()}");

    private sealed record Result(double PerSecond, double NodePerSecond, double Bytes, bool AreEqual)
    {
        public double Ratio => PerSecond / NodePerSecond;
    }

    /// <summary>A process that answers each line with a line, until its input ends.</summary>
    private sealed class Child : IDisposable
    {
        private readonly Process _process;

        public Child(string program, string[] arguments) => _process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }) ?? throw new InvalidOperationException($"{program} does not start.");

        public async Task<JsonObject> AskAsync(string request)
        {
            await _process.StandardInput.WriteLineAsync(request);
            await _process.StandardInput.FlushAsync();
            var answer = await _process.StandardOutput.ReadLineAsync()
                ?? throw new InvalidDataException($"No answer to {request}");
            return (JsonObject)JsonValue.Parse(answer);
        }

        public void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
