using System.CommandLine;
using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Json;

namespace Lungfish.Cli.Commands;

internal static class CallbackCommands
{
    public static Command Create(Surroundings surroundings) => new DocumentedCommand(
        "callback", "Answers tasks and durable executions that wait for somebody.")
    {
        Examples =
        [
            "lungfish callback list",
            "lungfish callback succeed order-1001 --result '{\"approved\": true}'",
            "lungfish callback fail order-1001 --error OutOfStock --cause 'none left'",
        ],
        Subcommands = { List(surroundings), Succeed(surroundings), Fail(surroundings), Heartbeat(surroundings) },
    };

    private static DocumentedCommand List(Surroundings surroundings)
    {
        var machine = new Option<string?>("--machine", "-m")
        {
            HelpName = "MACHINE",
            Description = "only those of this state machine",
        };
        var command = new DocumentedCommand("list", "Lists what waits for an answer, oldest first.")
        {
            Examples =
            [
                "lungfish callback list",
                "token=$(lungfish callback list -o id | head -1)",
                "aws stepfunctions send-task-success --task-token \"$token\" --task-output '{}'",
            ],
            Options = { machine },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var arn = context.Get(machine) is { } text
                ? await new Lookup(context.Client).MachineAsync(text, cancellationToken)
                : null;
            var waiting = await context.Client.ListCallbacksAsync(arn, null, 1000, cancellationToken);
            var output = context.Output;
            output.List(
                waiting, c => c.Json, c => c.Token, TableOf(waiting, output), "Nothing waits for an answer.");
            if (waiting.Count > 0 && output is { Format: OutputFormat.Table, ForPeople: true })
            {
                output.Talk.Line();
                output.Suggest(
                    ($"lungfish callback succeed {waiting[0].ExecutionName} --result '{{}}'", "answers the first"));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static Table<Callback> TableOf(IReadOnlyList<Callback> waiting, Output output)
    {
        List<Column<Callback>> columns =
        [
            new("EXECUTION", c => c.ExecutionName),
            new("STATE", c => c.StateName),
            new("WAITS", c => output.ForPeople ? Durations.Text(output.Now - c.Since) : Output.Exact(c.Since)),
        ];
        if (waiting.Any(c => c.Deadline is not null))
        {
            columns.Add(new("UNTIL", c => c.Deadline is { } deadline ? Until(deadline, output) : ""));
        }

        columns.Add(new("FOR", Who));
        columns.Add(new("OF", c => c.Owner));
        columns.Add(new("TOKEN", c => Shown(c.Token, output), _ => Style.Dim));
        return new Table<Callback>(columns);
    }

    /// <summary>A person needs the beginning of a token, which names it as well; a program gets all of it.</summary>
    private static string Shown(string token, Output output) =>
        output.ForPeople && token.Length > 12 ? $"{token[..12]}…" : token;

    private static string Who(Callback callback)
    {
        const string Integration = ":states:::";
        var at = callback.Resource.IndexOf(Integration, StringComparison.Ordinal);
        return callback.IsDurable ? "a callback"
            : callback.Kind == "activity" ? $"a worker of {callback.Resource.Split(':')[^1]}"
            : at > 0 ? callback.Resource[(at + Integration.Length)..]
            : callback.Resource;
    }

    private static string Until(DateTimeOffset deadline, Output output) =>
        output.ForPeople ? $"in {Durations.Text(deadline - output.Now)}" : Output.Exact(deadline);

    private static DocumentedCommand Succeed(Surroundings surroundings)
    {
        var callback = CallbackArgument();
        var result = new Option<string>("--result", "-r")
        {
            HelpName = "JSON",
            Description = "the result: JSON, @file, or - for standard input ({} if not given)",
            DefaultValueFactory = _ => "{}",
        };
        var command = new DocumentedCommand("succeed", "Completes what waits with a result.")
        {
            Examples =
            [
                "lungfish callback succeed order-1001",
                "lungfish callback succeed order-1001 --result '{\"approved\": true, \"by\": \"Ada\"}'",
            ],
            Arguments = { callback },
            Options = { result },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var text = await InputText.ReadJsonAsync(
                context.Get(result) ?? "{}", "--result", surroundings, cancellationToken);
            var found = await new Lookup(context.Client).CallbackAsync(context.Get(callback), cancellationToken);
            await (found.IsDurable
                ? context.Client.Durable.SucceedAsync(found.Token, text, cancellationToken)
                : context.Client.SucceedTaskAsync(found.Token, text, cancellationToken));
            WriteAnswered(found, "completed", context.Output);
            return ExitCode.Ok;
        });
        return command;
    }

    private static DocumentedCommand Fail(Surroundings surroundings)
    {
        var callback = CallbackArgument();
        var error = new Option<string?>("--error")
        {
            HelpName = "NAME",
            Description = "the error's name, as Catch and Retry match it",
        };
        var cause = new Option<string?>("--cause") { HelpName = "TEXT", Description = "why" };
        var command = new DocumentedCommand("fail", "Fails what waits with an error.")
        {
            Examples = ["lungfish callback fail order-1001 --error OutOfStock --cause 'none left'"],
            Arguments = { callback },
            Options = { error, cause },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var found = await new Lookup(context.Client).CallbackAsync(context.Get(callback), cancellationToken);
            await (found.IsDurable
                ? context.Client.Durable.FailAsync(
                    found.Token, context.Get(error), context.Get(cause), cancellationToken)
                : context.Client.FailTaskAsync(
                    found.Token, context.Get(error), context.Get(cause), cancellationToken));
            WriteAnswered(found, "failed", context.Output);
            return ExitCode.Ok;
        });
        return command;
    }

    private static DocumentedCommand Heartbeat(Surroundings surroundings)
    {
        var callback = CallbackArgument();
        var command = new DocumentedCommand("heartbeat", "Tells that what waits is still being worked on.")
        {
            Examples = ["lungfish callback heartbeat order-1001"],
            Arguments = { callback },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var found = await new Lookup(context.Client).CallbackAsync(context.Get(callback), cancellationToken);
            await (found.IsDurable
                ? context.Client.Durable.HeartbeatAsync(found.Token, cancellationToken)
                : context.Client.HeartbeatTaskAsync(found.Token, cancellationToken));
            WriteAnswered(found, "kept alive", context.Output);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void WriteAnswered(Callback callback, string done, Output output)
    {
        switch (output.Format)
        {
            case OutputFormat.Json:
                output.Json(JsonObject.Of(("executionArn", callback.ExecutionArn), ("stateName", callback.StateName)));
                break;
            case OutputFormat.Id:
                output.Id(callback.ExecutionArn);
                break;
            default:
                output.Data.Line($"{callback.StateName} of {callback.ExecutionName} {done}");
                output.Suggest(($"lungfish execution show {callback.ExecutionName}", "shows what came of it"));
                break;
        }
    }

    private static Argument<string> CallbackArgument() =>
        new("CALLBACK")
        {
            Description = "the execution that waits, a task token or callback id, or the unique beginning of one",
        };
}
