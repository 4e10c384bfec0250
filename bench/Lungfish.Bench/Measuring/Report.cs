using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lungfish.Bench.Measuring;

/// <summary>All of one run: what is printed, what is saved, and what the documentation shows of it.</summary>
/// <param name="Command">What was typed.</param>
internal sealed record Report(
    string Command,
    DateTimeOffset At,
    Machine Machine,
    double SecondsEach,
    int Takes,
    IReadOnlyList<Measurement> Results,
    IReadOnlyList<Figure> Figures)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly string[] Columns =
    [
        "workload", "clients", "per s", "p50 ms", "p95 ms", "p99 ms", "CPU us", "fn CPU us", "RSS MB",
        "floor/s", "floor p50", "of floor", "others", "budget",
    ];

    private static readonly string[] FewerColumns =
    [
        "workload", "clients", "per s", "p50 ms", "p99 ms", "floor/s", "of floor", "budget",
    ];

    public static Report Read(string json) => JsonSerializer.Deserialize<Report>(json, Json)
        ?? throw new InvalidDataException("The file holds no report.");

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{Machine.ProcessorName}, {Machine.Cores} cores, {Machine.FileSystem}; {Machine.Runtime}; full sync; "
            + $"commit {Machine.Commit}");
        if (Results.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"median of {Takes} x {SecondsEach} s");
            text.Append(Workloads(Columns).ToText());
        }

        if (Figures.Count > 0)
        {
            text.Append(FigureTable().ToText());
        }

        return text.ToString();
    }

    /// <summary>For a page: where it comes from, and the tables.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"`{Command}`, {At:yyyy-MM-dd HH:mm} UTC, commit {Machine.Commit}: {Machine.ProcessorName}, "
            + $"{Machine.Cores} cores, {Machine.MemoryMegabytes / 1024.0:N0} GiB, {Machine.FileSystem}, "
            + $"{Machine.System}, {Machine.Runtime}");
        text.Append(Results.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $"; median of {Takes} takes of {SecondsEach} s.\n\n")
            : ".\n\n");
        if (Results.Count > 0)
        {
            text.Append(Workloads(FewerColumns).ToMarkdown());
        }

        if (Figures.Count > 0)
        {
            text.Append(Results.Count > 0 ? "\n" : "").Append(FigureTable().ToMarkdown());
        }

        return text.ToString();
    }

    private TextTable FigureTable() => new([
        ["figure", "value", "unit", "budget"],
        .. Figures.Select(figure => new[] { figure.What, Numbers.Text(figure.Value), figure.Unit, figure.BudgetText }),
    ]);

    private TextTable Workloads(string[] columns)
    {
        var at = columns.Select(column => Array.IndexOf(Columns, column)).ToArray();
        var rows = Results.Where(result => result.Target != Measurement.Floor)
            .Select(result => Row(result)).Select(row => at.Select(i => row[i]).ToArray());
        return new TextTable([columns, .. rows]);
    }

    private string[] Row(Measurement result)
    {
        // What runs the workload costs the floor nothing, so all kinds of it have the same one.
        var floor = Results.FirstOrDefault(other => other.Target == Measurement.Floor
            && other.Clients == result.Clients && other.Workload == result.Workload.Split('-')[0]);
        return
        [
            result.Workload + (result.Target == Measurement.Lungfish ? "" : $" ({result.Target})"),
            Numbers.Text(result.Clients, 0), Numbers.Text(result.PerSecond, 0),
            Numbers.Text(result.P50, 2), Numbers.Text(result.P95, 2), Numbers.Text(result.P99, 2),
            Numbers.Text(result.ServerCpuMicroseconds, 0), Numbers.Text(result.FunctionCpuMicroseconds, 0),
            Numbers.Text(result.PeakMegabytes, 0), Numbers.Text(floor?.PerSecond, 0), Numbers.Text(floor?.P50, 2),
            Numbers.Text(result.PerSecond / floor?.PerSecond, 2), Numbers.Text(result.OtherCores, 2),
            Budgets.Describe(result),
        ];
    }
}
