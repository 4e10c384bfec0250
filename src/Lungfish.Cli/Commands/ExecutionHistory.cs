using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Json;

namespace Lungfish.Cli.Commands;

/// <summary><c>execution history</c>: every event, of a state machine's or of a durable execution.</summary>
internal static class ExecutionHistory
{
    private sealed record Row(long Id, DateTimeOffset At, string Type, string What, JsonObject Json);

    public static DocumentedCommand Create(Surroundings surroundings)
    {
        var execution = ExecutionCommands.ExecutionArgument();
        var command = new DocumentedCommand("history", "Lists the history events of an execution.")
        {
            Examples =
            [
                "lungfish execution history order-1001",
                "lungfish execution history order-1001 -o json | jq -r '.[].type'",
            ],
            Arguments = { execution },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var arn = await new Lookup(context.Client).ExecutionAsync(context.Get(execution), cancellationToken);
            var rows = new List<Row>();
            await foreach (var row in RowsOf(context.Client, arn, cancellationToken))
            {
                rows.Add(row);
            }

            var table = new Table<Row>(
                new("ID", r => $"{r.Id}"),
                new("AT", r => Output.Exact(r.At)),
                new("EVENT", r => r.Type, r => StyleOf(r.Type)),
                new("OF", r => r.What));
            context.Output.List(rows, r => r.Json, r => $"{r.Id}", table, "There are no events.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static IAsyncEnumerable<Row> RowsOf(
        LungfishClient client, string arn, CancellationToken cancellationToken) =>
        DurableArns.IsDurable(arn)
            ? client.Durable.ReadHistoryAsync(arn, follow: false, cancellationToken).Select(e => new Row(
                e.Id, e.At, e.Type, e.Name ?? e.SubType ?? e.Error?.Type ?? "", e.Json))
            : client.ReadHistoryAsync(arn, follow: false, cancellationToken).Select(e => new Row(
                e.Id, e.At, e.Type, e.Details.Text("name") ?? e.Details.Text("error") ?? "", e.Json));

    private static Style StyleOf(string type) =>
        type.EndsWith("Succeeded", StringComparison.Ordinal) ? Style.Good
        : type.EndsWith("Failed", StringComparison.Ordinal) || type.EndsWith("TimedOut", StringComparison.Ordinal)
            ? Style.Bad
            : Style.Plain;
}
