using System.CommandLine;
using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;

namespace Lungfish.Cli.Commands;

internal static class FunctionCommands
{
    public static Command Create(Surroundings surroundings) =>
        new DocumentedCommand("function", "Lists and invokes functions, shows their logs.")
        {
            Examples =
        [
            "lungfish function list",
            "lungfish function invoke validate --payload '{\"total\": 120}'",
            "lungfish function logs validate --follow",
        ],
            Subcommands =
            {
                FunctionLists.List(surroundings), FunctionLists.Versions(surroundings),
                FunctionLists.Aliases(surroundings), Invoke(surroundings), Logs(surroundings),
            },
        };

    private static DocumentedCommand Invoke(Surroundings surroundings)
    {
        var function = FunctionArgument();
        var payload = new Option<string>("--payload", "-p")
        {
            HelpName = "JSON",
            Description = "the event: JSON, @file, or - for standard input ({} if not given)",
            DefaultValueFactory = _ => "{}",
        };
        var isAsynchronous = new Option<bool>("--async")
        {
            Description = "records the invocation and does not wait for it",
        };
        var execution = new Option<string?>("--name")
        {
            HelpName = "NAME",
            Description = "names the execution of a durable function: given again, it is the same one",
        };
        var command = new DocumentedCommand("invoke", "Invokes a function and shows what comes of it.")
        {
            Examples =
            [
                "lungfish function invoke validate --payload '{\"total\": 120}'",
                "lungfish function invoke validate -p @event.json 2>/dev/null | jq",
                "lungfish function invoke orders --name order-1001     # durable: followed to its end",
                "lungfish function invoke orders:live --async",
            ],
            Arguments = { function },
            Options = { payload, execution, isAsynchronous },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var text = await InputText.ReadJsonAsync(
                context.Get(payload) ?? "{}", "--payload", surroundings, cancellationToken);
            var given = context.Get(function);
            var found = await new Lookup(context.Client).FindFunctionAsync(given, cancellationToken);
            if (found.IsDurable)
            {
                return await DurableInvoke.InvokeAsync(
                    context,
                    found.Name,
                    Lookup.QualifierIn(given),
                    new DurableStart(context.Get(execution), text, Follows: !context.Get(isAsynchronous)),
                    cancellationToken);
            }

            if (context.Get(execution) is not null)
            {
                throw new CommandException(
                    ExitCode.Usage,
                    $"{found.Name} is not durable, so that there is no execution to name.",
                    $"lungfish function invoke {found.Name}");
            }

            var name = Lookup.QualifierIn(given) is { } qualifier ? $"{found.Name}:{qualifier}" : found.Name;
            var answer = await context.Client.Functions.InvokeAsync(
                name, text, context.Get(isAsynchronous), cancellationToken);
            foreach (var line in answer.Log?.TrimEnd('\n').Split('\n') ?? [])
            {
                context.Output.Talk.Line(line, Style.Dim);
            }

            if (context.Get(isAsynchronous))
            {
                context.Output.Say("accepted");
                context.Output.Suggest(($"lungfish function logs {found.Name}", "shows how it goes"));
                return ExitCode.Ok;
            }

            context.Output.Data.Line(answer.Payload, answer.Failure is null ? Style.Plain : Style.Bad);
            return answer.Failure is null ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static DocumentedCommand Logs(Surroundings surroundings)
    {
        var function = FunctionArgument();
        var follow = new Option<bool>("--follow", "-f") { Description = "goes on with new lines until Ctrl-C" };
        var limit = new Option<int>("--limit", "-n")
        {
            HelpName = "N",
            Description = "begins with the last N lines (100)",
            DefaultValueFactory = _ => 100,
        }.From(1, 1000);
        var command = new DocumentedCommand("logs", "Shows what a function wrote.")
        {
            Examples =
            [
                "lungfish function logs validate",
                "lungfish function logs validate --follow",
                "lungfish function logs orders:live            # of that version or alias only",
            ],
            Arguments = { function },
            Options = { follow, limit },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var (arn, version) = await new Lookup(context.Client).FunctionVersionAsync(
                context.Get(function), cancellationToken);
            var lines = context.Client.Functions.ReadLogsAsync(
                arn, version, context.Get(limit), context.Get(follow), cancellationToken);
            await foreach (var line in lines)
            {
                WriteLine(line, context.Output);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    public static void WriteLine(LogLine line, Output output)
    {
        if (output.Format == OutputFormat.Json)
        {
            output.Id(line.Json.ToText());
            return;
        }

        output.Data.Write(
            output.ForPeople ? $"{line.At.ToLocalTime():HH:mm:ss.fff}  " : $"{Output.Exact(line.At)}  ", Style.Dim);
        output.Data.Line(line.Text.TrimEnd('\n'));
    }

    public static Argument<string> FunctionArgument() =>
        new("FUNCTION") { Description = "name, ARN, unique beginning, or its key in the file that was deployed" };
}
