using System.CommandLine;
using System.CommandLine.Parsing;
using Lungfish.Cli.Rendering;
using Lungfish.Deployment;

namespace Lungfish.Cli.CommandLine;

/// <summary>Says what is wrong with a command line, and what was probably meant.</summary>
internal static class UsageErrors
{
    public static ExitCode Write(ParseResult parsed, Surroundings surroundings)
    {
        var output = new Output(surroundings, OutputFormat.Table);
        var names = Names(parsed.CommandResult);
        if (parsed.UnmatchedTokens is [var token, ..])
        {
            output.Error(Unmatched(token, names), Suggest(token, parsed, names));
        }
        else if (FindMissing(parsed) is { } missing)
        {
            output.Error(
                $"\"{names}\" needs {missing.HelpName ?? missing.Name}: {missing.Description}.", [$"{names} --help"]);
        }
        else
        {
            // The library's words end with the name of a type of .NET, or with a list on lines of its own.
            var message = parsed.Errors[0].Message.Split(" as expected type ")[0].ReplaceLineEndings(" ")
                .Replace(" \t", " ", StringComparison.Ordinal);
            output.Error($"{message.TrimEnd('.')}.", [$"{names} --help"]);
        }

        return ExitCode.Usage;
    }

    private static Argument? FindMissing(ParseResult parsed) =>
        parsed.CommandResult.Command.Arguments.FirstOrDefault(argument =>
        argument.Arity.MinimumNumberOfValues > 0 && (parsed.GetResult(argument) is null or { Tokens.Count: 0 }));

    private static string Unmatched(string token, string names) => token.StartsWith('-')
        ? $"\"{names}\" has no option {token}."
        : $"\"{token}\" is nothing that \"{names}\" takes.";

    private static List<string> Suggest(string token, ParseResult parsed, string names)
    {
        var command = parsed.CommandResult.Command;
        var candidates = token.StartsWith('-')
            ? command.Options.Concat(parsed.RootCommandResult.Command.Options).SelectMany(o => o.Aliases.Append(o.Name))
            : command.Subcommands.Select(c => c.Name);
        var near = Spelling.Nearest(token, candidates);
        return near is null ? [$"{names} --help"]
            : token.StartsWith('-') ? [$"Did you mean {near}?"]
            : [$"Did you mean: {names} {near}"];
    }

    private static string Names(CommandResult result)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = result; at is CommandResult command; at = command.Parent)
        {
            names.Push(command.Command is RootCommand ? "lungfish" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
