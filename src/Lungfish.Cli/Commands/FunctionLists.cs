using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Json;

namespace Lungfish.Cli.Commands;

/// <summary><c>function list</c>, <c>versions</c> and <c>aliases</c>.</summary>
internal static class FunctionLists
{
    public static DocumentedCommand List(Surroundings surroundings)
    {
        var command = new DocumentedCommand("list", "Lists functions.") { Examples = ["lungfish function list"] };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var functions = await context.Client.Functions.ListAsync(cancellationToken);
            List<Column<Function>> columns =
            [
                new("FUNCTION", f => f.Name),
                new("RUNTIME", f => f.Runtime),
                new("HANDLER", f => f.Handler),
                new("TIMEOUT", f => $"{f.TimeoutSeconds} s"),
                new("MEMORY", f => $"{f.MemoryMegabytes} MB"),
            ];
            AddDurable(columns, functions);
            context.Output.List(functions, f => f.Json, f => f.Arn, new Table<Function>(columns),
                "No functions yet: lungfish dev PATH deploys some, and so does aws lambda create-function.");
            return ExitCode.Ok;
        });
        return command;
    }

    public static DocumentedCommand Versions(Surroundings surroundings)
    {
        var function = FunctionCommands.FunctionArgument();
        var command = new DocumentedCommand("versions", "Lists the versions of a function, oldest first.")
        {
            Examples = ["lungfish function versions orders"],
            Arguments = { function },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var found = await new Lookup(context.Client).WholeFunctionAsync(context.Get(function), cancellationToken);
            IReadOnlyList<Function> versions =
            [
                .. (await context.Client.Functions.ListVersionsAsync(found.Name, cancellationToken))
                    .Select(json => new Function(json)),
            ];
            List<Column<Function>> columns =
            [
                new("VERSION", f => f.Version),
                new("RUNTIME", f => f.Runtime),
                new("CODE", f => f.CodeSha256[..Math.Min(12, f.CodeSha256.Length)]),
                new("MODIFIED", f => f.Json.Text("LastModified") ?? ""),
            ];
            AddDurable(columns, versions);
            context.Output.List(versions, f => f.Json, f => f.Arn, new Table<Function>(columns), "");
            return ExitCode.Ok;
        });
        return command;
    }

    public static DocumentedCommand Aliases(Surroundings surroundings)
    {
        var function = FunctionCommands.FunctionArgument();
        var command = new DocumentedCommand("aliases", "Lists the aliases of a function.")
        {
            Examples = ["lungfish function aliases orders"],
            Arguments = { function },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var found = await new Lookup(context.Client).WholeFunctionAsync(context.Get(function), cancellationToken);
            var aliases = await context.Client.Functions.ListAliasesAsync(found.Name, cancellationToken);
            var durable = found.ExecutionTimeout is null ? "" : DurableText(found);
            List<Column<JsonObject>> columns =
            [
                new("ALIAS", a => a.Text("Name") ?? ""),
                new("VERSION", ShareText),
                new("DESCRIPTION", a => a.Text("Description") ?? ""),
            ];
            if (durable.Length > 0)
            {
                columns.Add(new("DURABLE", _ => durable));
            }

            context.Output.List(aliases, a => a, a => a.Text("AliasArn") ?? "", new Table<JsonObject>(columns),
                $"{found.Name} has no aliases.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static void AddDurable(List<Column<Function>> columns, IReadOnlyList<Function> functions)
    {
        if (functions.Any(f => f.IsDurable))
        {
            columns.Add(new("DURABLE", DurableText));
        }
    }

    private static string DurableText(Function function) => function.ExecutionTimeout is { } timeout
        ? $"{Durations.Text(timeout)}, kept {function.RetentionDays ?? 14} d"
        : "";

    /// <summary><c>2 90 %, 1 10 %</c>; only the version where all goes to one.</summary>
    private static string ShareText(JsonObject alias)
    {
        var version = alias.Text("FunctionVersion") ?? "";
        var others = ((alias["RoutingConfig"] as JsonObject)?["AdditionalVersionWeights"] as JsonObject
            ?? JsonObject.Empty)
            .Select(w => (Version: w.Key, Weight: (w.Value as JsonNumber)?.Value ?? 0)).ToList();
        return others.Count == 0
            ? version
            : string.Join(", ", others.Prepend((Version: version, Weight: 1 - others.Sum(o => o.Weight)))
                .Select(share => $"{share.Version} {share.Weight * 100:0.##} %"));
    }
}
