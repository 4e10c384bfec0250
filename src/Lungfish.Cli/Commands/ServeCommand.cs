using System.CommandLine;
using System.Diagnostics;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Cli.Settings;
using Lungfish.Engine;
using Lungfish.Engine.Identifiers;
using Lungfish.Server.Hosting;
using Lungfish.States.Quotas;

namespace Lungfish.Cli.Commands;

internal static class ServeCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new DocumentedCommand(
            "serve", "Runs a server until it is told to stop (Ctrl-C or SIGTERM drains it).")
        {
            Examples =
            [
                "lungfish serve --data /var/lib/lungfish",
                "lungfish serve --urls http://127.0.0.1:9000",
                "lungfish serve --config lungfish.yml",
            ],
            Options =
            {
                ServerSettings.DataOption,
                ServerSettings.UrlsOption,
                ServerSettings.QuotasOption,
                ServerSettings.ConfigOption,
            },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var started = Stopwatch.GetTimestamp();
            var settings = await ServerSettings.ReadAsync(context, cancellationToken);
            var options = ServerStart.OptionsOf(settings, dataDefault: ServerSettings.UsualData);
            await using var server = await ServerStart.StartAsync(options, context.Output, cancellationToken);
            ServerStart.WriteBanner(server, options, Stopwatch.GetElapsedTime(started), context.Output);
            ServerStart.WriteExports(server, options, context.Output);
            await IdleMemory.WatchAsync(cancellationToken);
            context.Output.Say("stopping: what is being decided becomes durable, the rest goes on at the next start");
            return ExitCode.Ok;
        });
        return command;
    }
}

/// <summary>What <c>serve</c> and <c>dev</c> share.</summary>
internal static class ServerStart
{
    public static ServerOptions OptionsOf(ServerSettings settings, string dataDefault) => new()
    {
        DataDirectory = Path.GetFullPath(settings.Data ?? dataDefault),
        Urls = settings.Urls ?? [GlobalOptions.DefaultEndpoint],
        Account = new AwsAccount
        {
            AccountId = settings.Account ?? AwsAccount.Default.AccountId,
            Region = settings.Region ?? AwsAccount.Default.Region,
        },
        S3 = settings.S3,
        Sqs = settings.At(settings.SqsEndpoint),
        Sns = settings.At(settings.SnsEndpoint),
        Quotas = settings.Quotas ?? QuotaMode.Strict,
        Retention = settings.RetentionDays is { } days ? TimeSpan.FromDays(days) : EngineOptions.RetentionDefault,
    };

    /// <exception cref="CommandException">The server does not start that way.</exception>
    public static async Task<LungfishServer> StartAsync(
        ServerOptions options, Output output, CancellationToken cancellationToken)
    {
        try
        {
            return await LungfishServer.StartAsync(
                options with { OnStoreFailed = reason => EndProcess(reason, output) }, cancellationToken);
        }
        catch (ServerRefusedException e)
        {
            throw new CommandException(ExitCode.Failed, e.Message);
        }
        catch (Engine.Storage.StoreRefusedException e)
        {
            throw new CommandException(ExitCode.Failed, e.Message);
        }
        catch (Engine.Storage.StoreUnavailableException e)
        {
            throw new CommandException(ExitCode.StoreFailed, e.Message);
        }
    }

    /// <summary>Nothing more can be promised; what was acknowledged is on the disk, and the next start goes on from it.
    /// </summary>
    private static void EndProcess(Exception reason, Output output)
    {
        string next = reason is Engine.Storage.StoreDamagedException
            ? "docs/operations.md says how."
            : "Mend the disk, then start again: what was acknowledged is on it.";
        output.Error($"The data could not be written: {reason.Message}", [next]);
        Environment.Exit((int)ExitCode.StoreFailed);
    }

    public static void WriteBanner(LungfishServer server, ServerOptions options, TimeSpan ready, Output output)
    {
        output.Data.Write($"Lungfish {Versions.Own}", Style.Heading);
        output.Data.Line($"   ready in {ready.TotalSeconds:0.00} s", Style.Dim);
        Line("API", server.Url.ToString().TrimEnd('/'), output);
        Line("Storage", $"{Relative(options.DataDirectory)} (SQLite, kept)", output);
    }

    public static void Line(string name, string value, Output output, Style style = Style.Plain)
    {
        output.Data.Write($"  {name,-10}", Style.Dim);
        output.Data.Line(value, style);
    }

    /// <summary>What aims other tools at this server; one block to copy into a shell.</summary>
    public static void WriteExports(LungfishServer server, ServerOptions options, Output output)
    {
        output.Data.Line();
        output.Data.Line("  Aim the aws command and the SDKs here:", Style.Dim);
        output.Data.Line($"    export AWS_ENDPOINT_URL={server.Url.ToString().TrimEnd('/')}");
        // The older ones, boto3 among them, know AWS_DEFAULT_REGION only.
        output.Data.Line($"    export AWS_REGION={options.Account.Region} AWS_DEFAULT_REGION={options.Account.Region}");
        output.Data.Line("    export AWS_ACCESS_KEY_ID=lungfish AWS_SECRET_ACCESS_KEY=lungfish");
        output.Data.Line();
    }

    /// <summary>Short where it lies below the current folder.</summary>
    public static string Relative(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative)
            ? path
            : $"./{relative}";
    }
}
