using System.CommandLine;
using System.Globalization;
using System.Text;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Cli.Settings;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Server.Keeping;
using Lungfish.States.Deciding;

namespace Lungfish.Cli.Commands;

/// <summary>Writes machines, functions, executions and their histories as JSON lines.</summary>
internal static class ExportCommand
{
    private static readonly Option<string?> Machine = new("--machine", "-m")
    {
        HelpName = "MACHINE",
        Description = "only this state machine, by name or ARN, and its executions",
    };

    private static readonly Option<string?> Function = new("--function", "-f")
    {
        HelpName = "FUNCTION",
        Description = "only this function, by name, and its durable executions",
    };

    private static readonly Option<string?> Status = new("--status", "-s")
    {
        HelpName = "STATUS",
        Description = "only executions that are RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED or STOPPED",
    };

    private static readonly Option<string?> Since = new("--since")
    {
        HelpName = "TIME",
        Description = "only executions that started then or later, such as 2026-03-01 or 2026-03-01T12:00:00Z",
    };

    private static readonly Option<string?> Until = new("--until")
    {
        HelpName = "TIME",
        Description = "only executions that started before",
    };

    private static readonly Option<bool> NoHistory = new("--no-history") { Description = "leaves the events out" };

    private static readonly Option<string?> ToFile = new Option<string?>("--file")
    {
        HelpName = "FILE",
        Description = "the file to write, which must not exist; standard output if not given",
    }.NotEmpty();

    public static Command Create(Surroundings surroundings)
    {
        var command = new DocumentedCommand("export", "Writes what is stored as JSON lines, also while a server runs.")
        {
            Examples =
            [
                "lungfish export > everything.jsonl",
                "lungfish export --machine order-approval --status FAILED --since 2026-03-01 --file failed.jsonl",
                "lungfish export --no-history | jq -r 'select(.record == \"execution\") | .name'",
            ],
            Options =
            {
                ServerSettings.DataOption, ServerSettings.ConfigOption,
                Machine, Function, Status, Since, Until, NoHistory, ToFile,
            },
        };
        command.Runs(surroundings, ExportAsync);
        return command;
    }

    private static async Task<ExitCode> ExportAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var settings = await ServerSettings.ReadAsync(context, cancellationToken);
        var data = settings.Data ?? ServerSettings.UsualData;
        var options = new ExportOptions
        {
            Account = new AwsAccount
            {
                AccountId = settings.Account ?? AwsAccount.Default.AccountId,
                Region = settings.Region ?? AwsAccount.Default.Region,
            },
            Machine = context.Get(Machine),
            Function = context.Get(Function),
            Status = StatusOf(context.Get(Status)),
            Since = TimeOf("--since", context.Get(Since)),
            Until = TimeOf("--until", context.Get(Until)),
            WithHistory = !context.Get(NoHistory),
        };
        KeepingCheck.MustExist(data, "lungfish export --data DIR");
        try
        {
            await using var file = context.Get(ToFile) is { } path
                ? new StreamWriter(new FileStream(path, FileMode.CreateNew), new UTF8Encoding(false))
                : null;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(
                cancellationToken, file is null ? context.Surroundings.OutIsClosed : CancellationToken.None);
            var counts = await DataExport.WriteAsync(
                data,
                options,
                file ?? context.Surroundings.Out,
                problem => context.Output.Say(problem, Style.Bad),
                either.Token);
            context.Output.Say(
                $"{Counts.Text(counts.StateMachines, "state machine")}, {Counts.Text(counts.Functions, "function")}, "
                + $"{Counts.Text(counts.Executions, "execution")}, {Counts.Text(counts.Events, "event")}");
            if (counts is { StateMachines: 0, Functions: 0, Executions: 0, Damaged: 0 }
                && (options.Machine ?? options.Function) is { } wanted)
            {
                throw new CommandException(
                    ExitCode.NotFound, $"Nothing is stored of \"{wanted}\".", "lungfish export --no-history");
            }

            return counts.Damaged == 0 ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (StoreRefusedException e)
        {
            throw new CommandException(ExitCode.Usage, e.Message);
        }
        catch (Exception e) when (e is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Failed, e.Message);
        }
    }

    private static ExecutionStatus? StatusOf(string? status) => status?.ToUpperInvariant() switch
    {
        null => null,
        "RUNNING" => ExecutionStatus.Running,
        "SUCCEEDED" => ExecutionStatus.Succeeded,
        "FAILED" => ExecutionStatus.Failed,
        "TIMED_OUT" => ExecutionStatus.TimedOut,
        "ABORTED" or "STOPPED" => ExecutionStatus.Aborted,
        _ => throw new CommandException(ExitCode.Usage, $"\"{status}\" is no status.", "--status FAILED"),
    };

    private static DateTimeOffset? TimeOf(string option, string? time) => time switch
    {
        null => null,
        _ when DateTimeOffset.TryParse(
            time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) => moment,
        _ => throw new CommandException(ExitCode.Usage, $"\"{time}\" is no time.", $"{option} 2026-03-01T12:00:00Z"),
    };
}
