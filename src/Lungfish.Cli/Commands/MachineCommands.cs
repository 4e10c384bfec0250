using System.CommandLine;
using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.Cli.Commands;

internal static class MachineCommands
{
    public static Command Create(Surroundings surroundings) =>
        new DocumentedCommand("machine", "Shows, checks and tests state machines.")
        {
            Examples =
        [
            "lungfish machine list",
            "lungfish machine show order-approval",
            "lungfish machine validate order.asl.json",
        ],
            Subcommands =
            {
                List(surroundings), Show(surroundings), Validate(surroundings), TestStateCommand.Create(surroundings),
            },
        };

    private static DocumentedCommand List(Surroundings surroundings)
    {
        var command = new DocumentedCommand("list", "Lists state machines.")
        {
            Examples = ["lungfish machine list", "lungfish machine list -o id"],
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var machines = await context.Client.ListMachinesAsync(cancellationToken);
            var output = context.Output;
            var table = new Table<Machine>(
                new("MACHINE", m => m.Name),
                new("TYPE", m => m.Type),
                new("CREATED", m => output.Since(m.CreatedAt)),
                new("ARN", m => m.Arn));
            output.List(machines, m => m.Json, m => m.Arn, table,
                "No state machines yet: lungfish dev PATH deploys some, aws stepfunctions create-state-machine one.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static DocumentedCommand Show(Surroundings surroundings)
    {
        var machine = new Argument<string>("MACHINE") { Description = "name, ARN or unique beginning of a name" };
        var command = new DocumentedCommand("show", "Shows a state machine, its latest executions and its definition.")
        {
            Examples =
            [
                "lungfish machine show order-approval",
                "lungfish machine show order-approval -o json | jq -r .definition",
            ],
            Arguments = { machine },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var arn = await new Lookup(context.Client).MachineAsync(context.Get(machine), cancellationToken);
            var found = await context.Client.DescribeMachineAsync(arn, cancellationToken);
            switch (context.Output.Format)
            {
                case OutputFormat.Json:
                    context.Output.Json(found.Json);
                    break;
                case OutputFormat.Id:
                    context.Output.Id(found.Arn);
                    break;
                default:
                    await WriteAsync(context, found, cancellationToken);
                    break;
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task WriteAsync(CommandContext context, Machine machine, CancellationToken cancellationToken)
    {
        var output = context.Output;
        var latest = await context.Client.ListExecutionsAsync(machine.Arn, null, 5, cancellationToken);
        output.Data.Write(machine.Name, Style.Heading);
        output.Data.Line($"  {machine.Type}", Style.Dim);
        ExecutionView.Field("arn", machine.Arn, output);
        ExecutionView.Field("created", Output.Exact(machine.CreatedAt), output);
        foreach (var execution in latest)
        {
            output.Data.Write($"  {(execution == latest[0] ? "latest" : ""),-9}", Style.Dim);
            output.Data.Write($"{execution.Status,-10}", Statuses.StyleOf(execution.Status));
            output.Data.Line($"{execution.Name}  {output.Since(execution.StartedAt)}");
        }

        output.Data.Line();
        output.Data.Line(machine.Definition.TrimEnd());
        output.Talk.Line();
        output.Suggest(($"lungfish execution start {machine.Name}", "starts an execution"));
    }

    private static DocumentedCommand Validate(Surroundings surroundings)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "a definition (JSON), a serverless.yml or a template; - for a definition on standard input",
        };
        var type = new Option<string>("--type")
        {
            HelpName = "standard|express",
            Description = "what the machine is to be; Express ones can do less",
            DefaultValueFactory = _ => "standard",
        };
        _ = type.AcceptOnlyFromAmong("standard", "express");
        var json = new Option<bool>("--json") { Description = "the findings as one JSON array; the same as -o json" };
        var command = new DocumentedCommand("validate", "Checks definitions as the server does; needs no server.")
        {
            Examples =
            [
                "lungfish machine validate order.asl.json",
                "lungfish machine validate serverless.yml --json",
                "jq .definition -r machine.json | lungfish machine validate - --type express",
            ],
            Arguments = { file },
            Options = { type, json },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var path = context.Get(file);
            var isStandardInput = path == "-";
            var text = isStandardInput
                ? await InputText.ReadStandardInputAsync(surroundings, cancellationToken)
                : await InputText.ReadFileAsync(path, "FILE", cancellationToken);
            var name = isStandardInput ? "<stdin>" : path;
            var found = DefinitionCheck.CheckFile(
                name,
                text,
                context.Get(type) == "express" ? StateMachineType.Express : StateMachineType.Standard,
                surroundings.Environment);
            WriteFindings(name, found, context.Output, context.Get(json) || context.Output.Format == OutputFormat.Json);
            return found.Any(f => f.IsError) ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    private static void WriteFindings(string name, IReadOnlyList<Finding> findings, Output output, bool asJson)
    {
        if (asJson)
        {
            output.Json(JsonArray.Of(findings.Select(f => f.ToJson())));
            return;
        }

        foreach (var finding in findings)
        {
            output.Data.Line(finding.Headline, finding.IsError ? Style.Bad : Style.Waiting);
            if (finding.Advice is { } advice)
            {
                output.Data.Line($"  {advice}");
            }
        }

        if (findings.Count == 0)
        {
            output.Say($"{name} is valid.", Style.Good);
        }
    }
}
