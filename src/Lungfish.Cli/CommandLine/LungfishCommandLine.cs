using System.CommandLine;
using Lungfish.Cli.Commands;

namespace Lungfish.Cli.CommandLine;

/// <summary>The command <c>lungfish</c> with everything under it.</summary>
internal static class LungfishCommandLine
{
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, Surroundings surroundings, CancellationToken cancellationToken = default)
    {
        var root = Create(surroundings);
        var parsed = root.Parse(arguments, new ParserConfiguration
        {
            ResponseFileTokenReplacer = null, // What begins with @ names a file of JSON, not one of arguments.
        });
        var asksForHelp = parsed.Tokens.Any(t => t.Value is "-h" or "--help");
        if (parsed.Errors.Count + parsed.UnmatchedTokens.Count > 0 && !asksForHelp)
        {
            return (int)UsageErrors.Write(parsed, surroundings);
        }

        var configuration = new InvocationConfiguration
        {
            Output = surroundings.Out,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false, // A bug shows its stack.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30), // For a server to drain.
        };
        return await parsed.InvokeAsync(configuration, cancellationToken);
    }

    private static RootCommand Create(Surroundings surroundings)
    {
        var root = new RootCommand("Runs AWS Step Functions state machines and Lambda functions on your own machine.")
        {
            DevCommand.Create(surroundings),
            ServeCommand.Create(surroundings),
            MachineCommands.Create(surroundings),
            ExecutionCommands.Create(surroundings),
            CallbackCommands.Create(surroundings),
            FunctionCommands.Create(surroundings),
            EvalCommand.Create(surroundings),
            FsckCommand.Create(surroundings),
            BackupCommands.CreateBackup(surroundings),
            BackupCommands.CreateRestore(surroundings),
            ExportCommand.Create(surroundings),
            DoctorCommand.Create(surroundings),
            GlobalOptions.Endpoint,
            GlobalOptions.Output,
        };
        root.Directives.Clear();
        foreach (var option in root.Options)
        {
            if (option is System.CommandLine.Help.HelpOption help)
            {
                help.Action = new HelpAction(surroundings);
                help.Description = "shows this";
            }
            else if (option is VersionOption version)
            {
                version.Description = "shows the version";
                version.Action = new VersionAction(surroundings);
            }
        }

        GiveNounsHelp(root, surroundings);
        return root;
    }

    /// <summary>A noun without its verb, and the program's bare name, show what can be done.</summary>
    private static void GiveNounsHelp(Command command, Surroundings surroundings)
    {
        foreach (var noun in command.Subcommands.Where(c => c.Subcommands.Count > 0).Append(command))
        {
            noun.Action = new HelpAction(surroundings);
        }
    }
}
