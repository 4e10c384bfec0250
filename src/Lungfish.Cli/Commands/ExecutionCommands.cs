using System.CommandLine;
using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;

namespace Lungfish.Cli.Commands;

internal static class ExecutionCommands
{
    private static readonly IReadOnlyList<string> StatusNames =
        ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];

    public static Command Create(Surroundings surroundings) => new DocumentedCommand(
        "execution", "Starts and follows executions of state machines.")
    {
        Examples =
        [
            "lungfish execution start order-approval --input '{\"total\": 120}' --watch",
            "lungfish execution list --status RUNNING",
            "lungfish execution show order-1001",
        ],
        Subcommands =
            { Start(surroundings), List(surroundings), Show(surroundings), Watch(surroundings), Stop(surroundings) },
    };

    private static DocumentedCommand Start(Surroundings surroundings)
    {
        var machine = new Argument<string>("MACHINE") { Description = "name, ARN or unique beginning of a name" };
        var name = new Option<string?>("--name")
        {
            HelpName = "NAME",
            Description = "the execution's name; the server makes one up otherwise",
        };
        var input = new Option<string>("--input", "-i")
        {
            HelpName = "JSON",
            Description = "the input: JSON, @file, or - for standard input ({} if not given)",
            DefaultValueFactory = _ => "{}",
        };
        var watch = new Option<bool>("--watch", "-w") { Description = "follows the execution to its end" };
        var timeout = Timeout("--timeout");
        var command = new DocumentedCommand("start", "Starts an execution of a state machine.")
        {
            Examples =
            [
                "lungfish execution start order-approval",
                "lungfish execution start order-approval --name order-1001 --input '{\"total\": 120}'",
                "lungfish execution start order-approval --input @order.json --watch",
                "arn=$(lungfish execution start order-approval -o id)",
            ],
            Arguments = { machine },
            Options = { name, input, watch, timeout },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var text = await InputText.ReadJsonAsync(
                context.Get(input) ?? "{}", "--input", surroundings, cancellationToken);
            var arn = await new Lookup(context.Client).MachineAsync(context.Get(machine), cancellationToken);
            var started = await context.Client.StartExecutionAsync(arn, context.Get(name), text, cancellationToken);
            if (context.Get(watch))
            {
                return await ExecutionFollow.FollowAsync(context, started.Arn, context.Get(timeout), cancellationToken);
            }

            WriteStarted(started, context.Output);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void WriteStarted(StartedExecution started, Output output)
    {
        switch (output.Format)
        {
            case OutputFormat.Json:
                output.Json(started.Json);
                break;
            case OutputFormat.Id:
                output.Id(started.Arn);
                break;
            default:
                output.Talk.Write("started ", Style.Good);
                output.Talk.Line(started.Name, Style.Heading);
                output.Data.Line(started.Arn);
                output.Suggest(
                    ($"lungfish execution watch {started.Name}", "follows it"),
                    ($"lungfish execution show {started.Name}", "shows its states, input and output"));
                break;
        }
    }

    private static DocumentedCommand List(Surroundings surroundings)
    {
        var machine = new Option<string?>("--machine", "-m")
        {
            HelpName = "MACHINE",
            Description = "only executions of this state machine",
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
        };
        var command = new DocumentedCommand("list", "Lists executions, newest first.")
        {
            Examples =
            [
                "lungfish execution list",
                "lungfish execution list --machine order-approval --status FAILED",
                "lungfish execution list --status RUNNING -o id | xargs -n1 lungfish execution stop",
            ],
            Options = { machine, status, limit },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var machineArn = context.Get(machine) is { } text
                ? await new Lookup(context.Client).MachineAsync(text, cancellationToken)
                : null;
            var found = await context.Client.ListExecutionsAsync(
                machineArn,
                ReadStatus(context.Get(status)),
                Math.Clamp(context.Get(limit), 1, 1000),
                cancellationToken);
            var output = context.Output;
            var whenEmpty = context.Get(status) is null && machineArn is null
                ? "No executions yet; start one: lungfish execution start MACHINE"
                : "No execution is like that: lungfish execution list shows all";
            output.List(found, e => e.Json, e => e.Arn, TableOf(output), whenEmpty);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Table<Execution> TableOf(Output output) => new(
        new("EXECUTION", e => e.Name),
        new("STATUS", e => e.Status, e => Statuses.StyleOf(e.Status)),
        new("MACHINE", e => e.MachineName),
        new("STARTED", e => output.Since(e.StartedAt)),
        new("TOOK", e => Durations.Text((e.StoppedAt ?? output.Now) - e.StartedAt)));

    private static string? ReadStatus(string? given)
    {
        var status = given?.ToUpperInvariant().Replace('-', '_');
        return status is null || StatusNames.Contains(status)
            ? status
            : throw new CommandException(
                ExitCode.Usage, $"\"{given}\" is no status.", $"--status {string.Join('|', StatusNames)}");
    }

    private static DocumentedCommand Show(Surroundings surroundings)
    {
        var execution = ExecutionArgument();
        var command = new DocumentedCommand("show", "Shows an execution: its states, input and output.")
        {
            Examples =
                ["lungfish execution show order-1001", "lungfish execution show order-1001 -o json | jq -r .output"],
            Arguments = { execution },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var arn = await new Lookup(context.Client).ExecutionAsync(context.Get(execution), cancellationToken);
            var found = await context.Client.DescribeExecutionAsync(arn, cancellationToken);
            if (context.Output.Format != OutputFormat.Table)
            {
                WriteForPrograms(found, context.Output);
                return ExitCode.Ok;
            }

            var timeline = new StateTimeline();
            await foreach (var historyEvent in context.Client.ReadHistoryAsync(arn, follow: false, cancellationToken))
            {
                _ = timeline.Add(historyEvent);
            }

            ExecutionView.WriteHead(found, context.Output);
            ExecutionView.WriteTimeline(timeline, context.Output);
            ExecutionView.WriteResult(found, context.Output);
            await SuggestAsync(context, found, cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void WriteForPrograms(Execution execution, Output output)
    {
        if (output.Format == OutputFormat.Json)
        {
            output.Json(execution.Json);
        }
        else
        {
            output.Id(execution.Arn);
        }
    }

    private static async Task SuggestAsync(
        CommandContext context, Execution execution, CancellationToken cancellationToken)
    {
        if (!execution.IsRunning)
        {
            return;
        }

        var waiting = await context.Client.ListCallbacksAsync(
            execution.MachineArn, execution.Name, 1, cancellationToken);
        context.Output.Talk.Line();
        if (waiting.Count > 0)
        {
            context.Output.Suggest(
                ($"lungfish callback succeed {execution.Name} --result '{{}}'", $"answers {waiting[0].StateName}"),
                ($"lungfish callback fail {execution.Name} --error NAME", "refuses"));
        }
        else
        {
            context.Output.Suggest(
                ($"lungfish execution watch {execution.Name}", "follows it"),
                ($"lungfish execution stop {execution.Name}", "ends it"));
        }
    }

    private static DocumentedCommand Watch(Surroundings surroundings)
    {
        var execution = ExecutionArgument();
        var timeout = Timeout("--timeout");
        var command = new DocumentedCommand("watch", "Follows an execution to its end; its failure is this command's.")
        {
            Examples =
            [
                "lungfish execution watch order-1001",
                "lungfish execution watch order-1001 --timeout 60 || echo \"it ended with $?\"",
                "lungfish execution watch order-1001 -o json       # one history event a line",
            ],
            Arguments = { execution },
            Options = { timeout },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var arn = await new Lookup(context.Client).ExecutionAsync(context.Get(execution), cancellationToken);
            return await ExecutionFollow.FollowAsync(context, arn, context.Get(timeout), cancellationToken);
        });
        return command;
    }

    private static DocumentedCommand Stop(Surroundings surroundings)
    {
        var execution = ExecutionArgument();
        var error = new Option<string?>("--error")
        {
            HelpName = "NAME",
            Description = "the error's name, for the record",
        };
        var cause = new Option<string?>("--cause") { HelpName = "TEXT", Description = "why, for the record" };
        var command = new DocumentedCommand("stop", "Ends a running execution; its status becomes ABORTED.")
        {
            Examples =
                ["lungfish execution stop order-1001", "lungfish execution stop order-1001 --cause 'ordered twice'"],
            Arguments = { execution },
            Options = { error, cause },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var arn = await new Lookup(context.Client).ExecutionAsync(context.Get(execution), cancellationToken);
            _ = await context.Client.StopExecutionAsync(arn, context.Get(error), context.Get(cause), cancellationToken);
            var stopped = await context.Client.DescribeExecutionAsync(arn, cancellationToken);
            if (context.Output.Format != OutputFormat.Table)
            {
                WriteForPrograms(stopped, context.Output);
                return ExitCode.Ok;
            }

            context.Output.Data.Line($"{stopped.Name} {stopped.Status}", Statuses.StyleOf(stopped.Status));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<string> ExecutionArgument() =>
        new("EXECUTION") { Description = "name, ARN or unique beginning of a name" };

    private static Option<int?> Timeout(string name) =>
        new(name)
        {
            HelpName = "SECONDS",
            Description = "stops watching after that; the execution goes on (exit code 5)",
        };
}
