using System.CommandLine;
using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Json;

namespace Lungfish.Cli.Commands;

internal static class CallbackCommands
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

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
        var patience = Patience("waits so long for something to be there (0)", usually: 0);
        var command = new DocumentedCommand("list", "Lists what waits for an answer, oldest first.")
        {
            Examples =
            [
                "lungfish callback list",
                "token=$(lungfish callback list --wait 10 -o id | head -1)",
                "aws stepfunctions send-task-success --task-token \"$token\" --task-output '{}'",
            ],
            Options = { machine, patience },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var arn = context.Get(machine) is { } text
                ? await new Lookup(context.Client).MachineAsync(text, cancellationToken)
                : null;
            var waiting = await AskUntilAsync(
                context,
                patience,
                () => context.Client.ListCallbacksAsync(arn, null, 1000, cancellationToken),
                callbacks => callbacks.Count > 0,
                cancellationToken);
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
        var patience = PatienceOfAnswers();
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
            Options = { result, patience },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var text = await InputText.ReadJsonAsync(
                context.Get(result) ?? "{}", "--result", surroundings, cancellationToken);
            var found = await FindAsync(context, context.Get(callback), patience, cancellationToken);
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
        var patience = PatienceOfAnswers();
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
            Options = { error, cause, patience },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var found = await FindAsync(context, context.Get(callback), patience, cancellationToken);
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
        var patience = PatienceOfAnswers();
        var command = new DocumentedCommand("heartbeat", "Tells that what waits is still being worked on.")
        {
            Examples = ["lungfish callback heartbeat order-1001"],
            Arguments = { callback },
            Options = { patience },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var found = await FindAsync(context, context.Get(callback), patience, cancellationToken);
            await (found.IsDurable
                ? context.Client.Durable.HeartbeatAsync(found.Token, cancellationToken)
                : context.Client.HeartbeatTaskAsync(found.Token, cancellationToken));
            WriteAnswered(found, "kept alive", context.Output);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>What is to be answered. An execution that has only just been started is given the time to come to
    /// it.</summary>
    private static async Task<Callback> FindAsync(
        CommandContext context, string text, Option<int> patience, CancellationToken cancellationToken)
    {
        var lookup = new Lookup(context.Client);
        return await AskUntilAsync(
                context,
                patience,
                () => lookup.FindCallbackAsync(text, cancellationToken),
                found => found is not null,
                cancellationToken)
            ?? throw new CommandException(
                ExitCode.NotFound,
                $"{text} waits for nobody's answer: it runs, and has not come to that yet.",
                $"lungfish execution show {text}");
    }

    /// <returns>The first answer that will do, or the last one in the time that is given.</returns>
    private static async Task<T> AskUntilAsync<T>(
        CommandContext context,
        Option<int> patience,
        Func<Task<T>> ask,
        Func<T, bool> willDo,
        CancellationToken cancellationToken)
    {
        var time = context.Surroundings.Time;
        var begun = time.GetTimestamp();
        var longest = TimeSpan.FromSeconds(context.Get(patience));
        while (true)
        {
            var answer = await ask();
            if (willDo(answer) || time.GetElapsedTime(begun) >= longest)
            {
                return answer;
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    private static Option<int> PatienceOfAnswers() =>
        Patience("waits so long for a running execution to come to its callback (10)", usually: 10);

    private static Option<int> Patience(string description, int usually) =>
        new Option<int>("--wait")
        {
            HelpName = "SECONDS",
            Description = description,
            DefaultValueFactory = _ => usually,
        }.From(0, 3600);

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
