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
            Subcommands = { List(surroundings), Invoke(surroundings), Logs(surroundings) },
        };

    private static DocumentedCommand List(Surroundings surroundings)
    {
        var command = new DocumentedCommand("list", "Lists functions.") { Examples = ["lungfish function list"] };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var functions = await context.Client.Functions.ListAsync(cancellationToken);
            var table = new Table<Function>(
                new("FUNCTION", f => f.Name),
                new("RUNTIME", f => f.Runtime),
                new("HANDLER", f => f.Handler),
                new("TIMEOUT", f => $"{f.TimeoutSeconds} s"),
                new("MEMORY", f => $"{f.MemoryMegabytes} MB"));
            context.Output.List(functions, f => f.Json, f => f.Arn, table,
                "No functions yet: lungfish dev PATH deploys some, and so does aws lambda create-function.");
            return ExitCode.Ok;
        });
        return command;
    }

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
        var command = new DocumentedCommand("invoke", "Invokes a function and shows what it returns and logs.")
        {
            Examples =
            [
                "lungfish function invoke validate --payload '{\"total\": 120}'",
                "lungfish function invoke validate -p @event.json 2>/dev/null | jq",
            ],
            Arguments = { function },
            Options = { payload, isAsynchronous },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var text = await InputText.ReadJsonAsync(
                context.Get(payload) ?? "{}", "--payload", surroundings, cancellationToken);
            var name = await new Lookup(context.Client).FunctionAsync(context.Get(function), cancellationToken);
            var answer = await context.Client.Functions.InvokeAsync(
                name, text, context.Get(isAsynchronous), cancellationToken);
            foreach (var line in answer.Log?.TrimEnd('\n').Split('\n') ?? [])
            {
                context.Output.Talk.Line(line, Style.Dim);
            }

            if (context.Get(isAsynchronous))
            {
                context.Output.Say($"accepted; lungfish function logs {name} shows how it goes");
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
        };
        var command = new DocumentedCommand("logs", "Shows what a function wrote.")
        {
            Examples = ["lungfish function logs validate", "lungfish function logs validate --follow"],
            Arguments = { function },
            Options = { follow, limit },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var name = await new Lookup(context.Client).FunctionAsync(context.Get(function), cancellationToken);
            var lines = context.Client.Functions.ReadLogsAsync(
                name, Math.Clamp(context.Get(limit), 1, 1000), context.Get(follow), cancellationToken);
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

    private static Argument<string> FunctionArgument() =>
        new("FUNCTION") { Description = "name, ARN, unique beginning, or its key in serverless.yml" };
}
