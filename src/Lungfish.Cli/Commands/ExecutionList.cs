using System.CommandLine;
using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Json;

namespace Lungfish.Cli.Commands;

/// <summary><c>execution list</c>: of state machines and durable ones, in one order.</summary>
internal static class ExecutionList
{
    private static readonly IReadOnlyList<string> StatusNames =
        ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "STOPPED"];

    /// <param name="Owner">The state machine, or the function with its version.</param>
    private sealed record Row(
        string Arn,
        string Name,
        string Status,
        string Owner,
        DateTimeOffset StartedAt,
        DateTimeOffset? EndedAt,
        JsonObject Json);

    public static DocumentedCommand Create(Surroundings surroundings)
    {
        var machine = new Option<string?>("--machine", "-m")
        {
            HelpName = "MACHINE",
            Description = "only executions of this state machine",
        };
        var function = new Option<string?>("--function", "-f")
        {
            HelpName = "FUNCTION[:QUALIFIER]",
            Description = "only durable executions of this function, or of that version or alias",
        };
        var status = new Option<string?>("--status", "-s")
        {
            HelpName = "STATUS",
            Description = $"only {string.Join(", ", StatusNames)}",
        };
        var limit = new Option<int>("--limit", "-n")
        {
            HelpName = "N",
            Description = "at most that many (20)",
            DefaultValueFactory = _ => 20,
        }.From(1, 1000);
        var command = new DocumentedCommand("list", "Lists executions, newest first.")
        {
            Examples =
            [
                "lungfish execution list",
                "lungfish execution list --machine order-approval --status FAILED",
                "lungfish execution list --function orders:live",
                "lungfish execution list --status RUNNING -o id | xargs -n1 lungfish execution stop",
            ],
            Options = { machine, function, status, limit },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var wanted = ReadStatus(context.Get(status));
            var count = context.Get(limit);
            if (context.Get(machine) is not null && context.Get(function) is not null)
            {
                throw new CommandException(
                    ExitCode.Usage,
                    "An execution is of a state machine or of a function, not of both: give --machine or --function.",
                    "lungfish execution list --help");
            }

            var rows = new List<Row>();
            if (context.Get(function) is null && wanted is not "STOPPED")
            {
                rows.AddRange(await MachinesAsync(context, context.Get(machine), wanted, count, cancellationToken));
            }

            if (context.Get(machine) is null && wanted is not "ABORTED")
            {
                rows.AddRange(await DurableAsync(context, context.Get(function), wanted, count, cancellationToken));
            }

            var whenEmpty = wanted is null && context.Get(machine) is null && context.Get(function) is null
                ? "No executions yet; start one: lungfish execution start MACHINE"
                : "No execution is like that: lungfish execution list shows all";
            context.Output.List(
                [.. rows.OrderByDescending(r => r.StartedAt).Take(count)],
                r => r.Json,
                r => r.Arn,
                TableOf(context.Output),
                whenEmpty);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<IEnumerable<Row>> MachinesAsync(
        CommandContext context, string? machine, string? status, int count, CancellationToken cancellationToken)
    {
        var arn = machine is null ? null : await new Lookup(context.Client).MachineAsync(machine, cancellationToken);
        var found = await context.Client.ListExecutionsAsync(arn, status, count, cancellationToken);
        return found.Select(
            e => new Row(e.Arn, e.Name, e.Status, e.MachineName, e.StartedAt, e.StoppedAt, e.Json));
    }

    private static async Task<IEnumerable<Row>> DurableAsync(
        CommandContext context, string? function, string? status, int count, CancellationToken cancellationToken)
    {
        var (arn, version) = function is null
            ? (null, null)
            : await new Lookup(context.Client).FunctionVersionAsync(function, cancellationToken);
        var found = await context.Client.Durable.ListAsync(arn, version, status, count, cancellationToken);
        return found.Select(e => new Row(e.Arn, e.Name, e.Status, e.Function, e.StartedAt, e.EndedAt, e.Json));
    }

    private static Table<Row> TableOf(Output output) => new(
        new("EXECUTION", e => e.Name),
        new("STATUS", e => e.Status, e => Statuses.StyleOf(e.Status)),
        new("OF", e => e.Owner),
        new("STARTED", e => output.Since(e.StartedAt)),
        new("TOOK", e => Durations.Text((e.EndedAt ?? output.Now) - e.StartedAt)));

    private static string? ReadStatus(string? given)
    {
        var status = given?.ToUpperInvariant().Replace('-', '_');
        return status is null || StatusNames.Contains(status)
            ? status
            : throw new CommandException(
                ExitCode.Usage, $"\"{given}\" is no status.", $"--status {string.Join('|', StatusNames)}");
    }
}
