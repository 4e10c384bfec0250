using System.Collections.Immutable;
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
            Description = "the folder of a serverless.yml, template.yaml or cdk.out, or that itself; "
                + "the current folder if not given",
            DefaultValueFactory = _ => ".",
            Arity = ArgumentArity.ZeroOrOne,
        }.NotEmpty();
        var stage = new Option<string?>("--stage")
        {
            HelpName = "STAGE",
            Description = "the stage to deploy; else the file's own, else dev",
        };
        var parameters = new Option<string[]>("--parameter")
        {
            HelpName = "NAME=VALUE",
            Description = "a value for a parameter of the template; may be given again",
        };
        var command = new DocumentedCommand(
            "dev", "Runs a server, deploys an application, and deploys it again when its files change.")
        {
            Examples =
            [
                "lungfish dev samples/order-approval",
                "lungfish dev                                  # the application in the current folder",
                "lungfish dev cdk.out                          # what cdk synth has written",
                "lungfish dev . --urls http://127.0.0.1:9000 --data /tmp/try",
            ],
            Arguments = { path },
            Options =
            {
                stage,
                parameters,
                ServerSettings.DataOption,
                ServerSettings.UrlsOption,
                ServerSettings.QuotasOption,
                ServerSettings.ConfigOption,
            },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var service = DevService.Find(
                context.Get(path),
                new DevChoices(
                    context.Get(stage), ReadParameters(context.Get(parameters) ?? []), surroundings.Environment));
            var settings = await ServerSettings.ReadAsync(context, cancellationToken);
            await using var session = new DevSession(service, settings, context);
            return await session.RunAsync(cancellationToken);
        });
        return command;
    }

    private static ImmutableDictionary<string, string> ReadParameters(string[] given)
    {
        var parameters = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } name, var value])
            {
                throw new CommandException(
                    ExitCode.Usage, $"\"{text}\" is no parameter with its value.", "--parameter Stage=dev");
            }

            parameters[name] = value;
        }

        return parameters.ToImmutable();
    }
}
