using System.CommandLine;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Cli.Settings;
using Lungfish.Engine.Storage;
using Lungfish.Json;
using Lungfish.Server.Keeping;
using Lungfish.Storage.Sqlite;

namespace Lungfish.Cli.Commands;

/// <summary><c>backup</c> and <c>restore</c>.</summary>
internal static class BackupCommands
{
    private static readonly DataFileCheckOptions QuickCheck =
        new() { Quick = true, SampleCount = KeepingCheck.QuickSample };

    public static Command CreateBackup(Surroundings surroundings)
    {
        var target = new Argument<string>("TARGET")
        {
            HelpName = "TARGET",
            Description = "the folder to make; one that is there must be empty",
        }.NotEmpty();
        var noCheck = NoCheck("does not check the backup when it is made");
        var command = new DocumentedCommand("backup", "Makes a backup, also while a server runs.")
        {
            Examples =
            [
                "lungfish backup /backups/monday --data /var/lib/lungfish",
                "lungfish backup \"/backups/$(date +%F)\"",
            ],
            Arguments = { target },
            Options = { ServerSettings.DataOption, ServerSettings.ConfigOption, noCheck },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var data = await KeepingCheck.DataAsync(context, cancellationToken);
            KeepingCheck.MustExist(data, "lungfish backup TARGET --data DIR");
            var made = context.Get(target);
            var manifest = await KeepAsync(() =>
                DataBackup.MakeAsync(data, made, Versions.Own, surroundings.Time, cancellationToken));
            var output = context.Output;
            Write(output, manifest, made);
            output.Say("It holds the token key and every payload: keep it as you keep the data itself.", Style.Waiting);
            return Checked(context, noCheck, made, cancellationToken);
        });
        return command;
    }

    public static Command CreateRestore(Surroundings surroundings)
    {
        var backup = new Argument<string>("BACKUP")
        {
            HelpName = "BACKUP",
            Description = "what \"backup\" made",
        }.NotEmpty();
        var noCheck = NoCheck("does not check the data when they are restored");
        var command = new DocumentedCommand("restore", "Makes a data directory out of a backup.")
        {
            Examples = ["lungfish restore /backups/monday --data /var/lib/lungfish"],
            Arguments = { backup },
            Options = { ServerSettings.DataOption, ServerSettings.ConfigOption, noCheck },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var data = await KeepingCheck.DataAsync(context, cancellationToken);
            var manifest = await KeepAsync(() =>
                DataRestore.RunAsync(context.Get(backup), data, cancellationToken));
            Write(context.Output, manifest, data);
            context.Output.Suggest(($"lungfish serve --data {data}", "goes on with all that was open"));
            return Checked(context, noCheck, data, cancellationToken);
        });
        return command;
    }

    private static Option<bool> NoCheck(string description) => new("--no-check") { Description = description };

    private static ExitCode Checked(
        CommandContext context, Option<bool> noCheck, string path, CancellationToken cancellationToken)
    {
        if (context.Get(noCheck))
        {
            return ExitCode.Ok;
        }

        var check = KeepingCheck.Run(path, QuickCheck, cancellationToken);
        if (check.ErrorCount == 0)
        {
            return ExitCode.Ok;
        }

        context.Output.Error(
            $"'{path}' is not as it must be: {Counts.Text(check.ErrorCount, "error")}.", [$"lungfish fsck {path}"]);
        return ExitCode.Failed;
    }

    private static async Task<BackupManifest> KeepAsync(Func<Task<BackupManifest>> keep)
    {
        try
        {
            return await keep();
        }
        catch (Exception e) when (e is KeepingException or StoreRefusedException)
        {
            throw new CommandException(ExitCode.Failed, e.Message);
        }
    }

    private static void Write(Output output, BackupManifest manifest, string path)
    {
        switch (output.Format)
        {
            case OutputFormat.Json:
                output.Json(JsonObject.Of(
                    ("path", (JsonValue)Path.GetFullPath(path)),
                    ("createdAt", Output.Exact(manifest.CreatedAt)),
                    ("version", manifest.Version),
                    ("schema", manifest.Schema),
                    ("files", manifest.Files.Length),
                    ("bytes", manifest.Bytes)));
                break;
            default:
                output.Id(Path.GetFullPath(path));
                output.Say(
                    $"{Counts.Text(manifest.Files.Length, "file")}, {manifest.Bytes / 1024.0 / 1024.0:0.0} MB, as of "
                    + Output.Exact(manifest.CreatedAt));
                break;
        }
    }
}
