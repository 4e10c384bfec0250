using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Lungfish.Cli.Rendering;

namespace Lungfish.Cli.CommandLine;

/// <summary>Help that leads with examples.</summary>
internal sealed class HelpAction(Surroundings surroundings) : SynchronousCommandLineAction
{
    private static readonly IReadOnlyList<string> RootExamples =
    [
        "lungfish dev samples/order-approval           # a server, with the sample deployed",
        "lungfish execution start order-approval --input '{\"total\": 120}' --watch",
        "lungfish callback list                        # what waits for an answer",
        "lungfish callback succeed order-1001 --result '{\"approved\": true}'",
    ];

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var text = new StyledWriter(surroundings.Out, surroundings.OutIsTerminal && surroundings.Colours);
        text.Line($"{Names(parseResult)}: {Lower(command.Description)}");
        var examples = (command as DocumentedCommand)?.Examples ?? RootExamples;
        Section(text, "Examples", [.. examples.Select(surroundings.Typed)]);
        if (command.Subcommands.Count == 0)
        {
            Section(text, "Usage", [surroundings.Typed(Usage(parseResult, command))]);
        }

        Rows(text, "Commands", command.Subcommands.Where(c => !c.Hidden).SelectMany(Verbs));
        Rows(text, "Arguments", command.Arguments.Select(a => (a.HelpName ?? a.Name, a.Description ?? "")));
        Rows(
            text,
            "Options",
            command.Options.Where(o => !o.Hidden && !o.Recursive && o is not VersionOption).Select(Describe));
        Rows(text, "Everywhere", Inherited(parseResult, command).Select(Describe));
        if (command is RootCommand)
        {
            Rows(text, "Exit codes", [("0", "ok"), ("1", "a failed execution or function"), ("2", "usage, or refused"),
                ("3", "not found"), ("4", "server unreachable"), ("5", "timed out")]);
        }

        return 0;
    }

    private static IEnumerable<Option> Inherited(ParseResult parseResult, Command command) =>
        parseResult.RootCommandResult.Command.Options.Where(
            o => o.Recursive || (o is VersionOption && command is RootCommand));

    /// <summary>The program's help names the verbs too, so that one look is enough.</summary>
    private static IEnumerable<(string Name, string Description)> Verbs(Command command)
    {
        var verbs = string.Join("|", command.Subcommands.Select(c => c.Name));
        yield return (verbs.Length == 0 ? command.Name : $"{command.Name} {verbs}", command.Description ?? "");
    }

    private static string Names(ParseResult parseResult)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = parseResult.CommandResult; at is CommandResult command; at = command.Parent)
        {
            names.Push(command.Command is RootCommand ? "lungfish" : command.Command.Name);
        }

        return string.Join(' ', names);
    }

    private static string Usage(ParseResult parseResult, Command command)
    {
        var arguments = command.Arguments.Select(
            a => a.Arity.MinimumNumberOfValues == 0 ? $"[{a.HelpName ?? a.Name}]" : a.HelpName ?? a.Name);
        return $"{string.Join(' ', arguments.Prepend(Names(parseResult)))} [options]";
    }

    private static (string Name, string Description) Describe(Option option)
    {
        var names = string.Join(
            ", ",
            option.Aliases.OrderBy(a => a.Length).Append(option.Name).Where(n => !n.StartsWith('/') && n != "-?"));
        return (option.HelpName is { } value ? $"{names} {value}" : names, option.Description ?? "");
    }

    private static void Section(StyledWriter text, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        text.Line();
        text.Line(title, Style.Heading);
        foreach (var line in lines)
        {
            text.Line($"  {line}");
        }
    }

    private static void Rows(StyledWriter text, string title, IEnumerable<(string Name, string Description)> rows)
    {
        var all = rows.ToList();
        var width = all.Select(r => r.Name.Length).Where(length => length <= 44).DefaultIfEmpty().Max();
        Section(text, title, [.. all.Select(r => $"{r.Name.PadRight(width)}  {r.Description}")]);
    }

    private static string Lower(string? sentence) =>
        string.IsNullOrEmpty(sentence) ? "" : char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.');
}
