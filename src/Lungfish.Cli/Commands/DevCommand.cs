using System.CommandLine;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Dev;
using Lungfish.Cli.Settings;

namespace Lungfish.Cli.Commands;

internal static class DevCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var path = new Argument<string>("PATH")
        {
            Description = "the folder of a serverless.yml, the current one if not given",
            DefaultValueFactory = _ => ".",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var stage = new Option<string?>("--stage")
        {
            HelpName = "STAGE",
            Description = "the stage to deploy; else the file's own, else dev",
        };
        var command = new DocumentedCommand(
            "dev", "Runs a server, deploys a service, and deploys it again when its files change.")
        {
            Examples =
            [
                "lungfish dev samples/order-approval",
                "lungfish dev                                  # the service in the current folder",
                "lungfish dev . --urls http://127.0.0.1:9000 --data /tmp/try",
            ],
            Arguments = { path },
            Options =
            {
                stage,
                ServerSettings.DataOption,
                ServerSettings.UrlsOption,
                ServerSettings.QuotasOption,
                ServerSettings.ConfigOption,
            },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var service = DevService.Find(context.Get(path), context.Get(stage), surroundings.Environment);
            var settings = await ServerSettings.ReadAsync(context, cancellationToken);
            await using var session = new DevSession(service, settings, context);
            return await session.RunAsync(cancellationToken);
        });
        return command;
    }
}
