using System.CommandLine;
using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;

namespace Lungfish.Cli.Commands;

internal static class ExecutionCommands
{
    public static Command Create(Surroundings surroundings) => new DocumentedCommand(
        "execution", "Starts and follows executions: of state machines, and durable ones.")
    {
        Examples =
        [
            "lungfish execution start order-approval --input '{\"total\": 120}' --watch",
            "lungfish execution list --status RUNNING",
            "lungfish execution show order-1001",
        ],
        Subcommands =
        {
            Start(surroundings), ExecutionList.Create(surroundings), Show(surroundings),
            ExecutionHistory.Create(surroundings), Follow(surroundings), Stop(surroundings), Redrive(surroundings),
        },
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
                    ($"lungfish execution follow {started.Name}", "follows it"),
                    ($"lungfish execution show {started.Name}", "shows its states, input and output"));
                break;
        }
    }

    private static DocumentedCommand Show(Surroundings surroundings)
    {
        var execution = ExecutionArgument();
        var command = new DocumentedCommand("show", "Shows an execution: its states or operations, input and output.")
        {
            Examples =
                ["lungfish execution show order-1001", "lungfish execution show order-1001 -o json | jq -r .output"],
            Arguments = { execution },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var arn = await new Lookup(context.Client).ExecutionAsync(context.Get(execution), cancellationToken);
            if (DurableArns.IsDurable(arn))
            {
                return await DurableShow.ShowAsync(context, arn, cancellationToken);
            }

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
                ($"lungfish execution follow {execution.Name}", "follows it"),
                ($"lungfish execution stop {execution.Name}", "ends it"));
        }
    }

    private static DocumentedCommand Follow(Surroundings surroundings)
    {
        var execution = ExecutionArgument();
        var timeout = Timeout("--timeout");
        var command = new DocumentedCommand("follow", "Follows an execution to its end; its failure is this command's.")
        {
            Aliases = { "watch" },
            Examples =
            [
                "lungfish execution follow order-1001",
                "lungfish execution follow order-1001 --timeout 60 || echo \"it ended with $?\"",
                "lungfish execution follow order-1001 -o json       # one history event a line",
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
        var command = new DocumentedCommand("stop", "Ends a running execution: ABORTED, or STOPPED if it is durable.")
        {
            Examples =
                ["lungfish execution stop order-1001", "lungfish execution stop order-1001 --cause 'ordered twice'"],
            Arguments = { execution },
            Options = { error, cause },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var arn = await new Lookup(context.Client).ExecutionAsync(context.Get(execution), cancellationToken);
            if (DurableArns.IsDurable(arn))
            {
                return await DurableShow.StopAsync(
                    context, arn, context.Get(error), context.Get(cause), cancellationToken);
            }

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

    private static DocumentedCommand Redrive(Surroundings surroundings)
    {
        var execution = ExecutionArgument();
        var watch = new Option<bool>("--watch", "-w") { Description = "follows the execution to its end" };
        var command = new DocumentedCommand(
            "redrive", "Resumes a failed, timed-out or stopped durable execution from what failed.")
        {
            Examples = ["lungfish execution redrive order-1001", "lungfish execution redrive order-1001 --watch"],
            Arguments = { execution },
            Options = { watch },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var arn = await new Lookup(context.Client).ExecutionAsync(context.Get(execution), cancellationToken);
            if (!DurableArns.IsDurable(arn))
            {
                _ = await context.Client.DescribeExecutionAsync(arn, cancellationToken); // Refused if it is none.
                throw new CommandException(
                    ExitCode.Usage,
                    "Executions of state machines cannot be redriven yet.",
                    $"lungfish execution show {DurableArns.NameOf(arn)}");
            }

            var exitCode = await DurableShow.RedriveAsync(context, arn, cancellationToken);
            return context.Get(watch)
                ? await ExecutionFollow.FollowAsync(context, arn, null, cancellationToken)
                : exitCode;
        });
        return command;
    }

    public static Argument<string> ExecutionArgument() =>
        new Argument<string>("EXECUTION") { Description = "name, ARN or unique beginning of a name" }.NotEmpty();

    private static Option<int?> Timeout(string name) =>
        new Option<int?>(name)
        {
            HelpName = "SECONDS",
            Description = "stops watching after that; the execution goes on (exit code 5)",
        }.From(0, 4_000_000); // What a timer can count.
}
