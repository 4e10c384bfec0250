using System.CommandLine;
using Lungfish.Cli.Client;
using Lungfish.Deployment;

namespace Lungfish.Cli.CommandLine;

/// <summary>Gives commands their actions, and turns what goes wrong in them into a sentence and an exit code.</summary>
internal static class CommandActions
{
    public static void Runs(
        this Command command,
        Surroundings surroundings,
        Func<CommandContext, CancellationToken, Task<ExitCode>> action) =>
        command.SetAction(
            async (parsed, cancellationToken) => (int)await RunAsync(parsed, surroundings, action, cancellationToken));

    private static async Task<ExitCode> RunAsync(
        ParseResult parsed,
        Surroundings surroundings,
        Func<CommandContext, CancellationToken, Task<ExitCode>> action,
        CancellationToken cancellationToken)
    {
        using var context = new CommandContext(parsed, surroundings);
        try
        {
            return await action(context, cancellationToken);
        }
        catch (CommandException e)
        {
            context.Output.Error(e.Message, e.Next);
            return e.ExitCode;
        }
        catch (ServerRefusal e)
        {
            context.Output.Error(e.Sentence, []);
            return e.IsNotFound ? ExitCode.NotFound : ExitCode.Usage;
        }
        catch (DeploymentException e)
        {
            foreach (var problem in e.Problems)
            {
                context.Output.Error(DeploymentException.Describe(e.FileName, problem), []);
            }

            return ExitCode.Usage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Output.Error(e.Message, []);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
            when (cancellationToken.IsCancellationRequested || surroundings.OutIsClosed.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }
}
