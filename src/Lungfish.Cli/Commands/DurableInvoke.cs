using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Json;

namespace Lungfish.Cli.Commands;

/// <param name="Name">Null: the server makes one up.</param>
/// <param name="Payload">JSON text.</param>
internal sealed record DurableStart(string? Name, string Payload, bool Follows);

/// <summary>Invoking a durable function: an execution starts, and is followed to its end.</summary>
internal static class DurableInvoke
{
    /// <param name="qualifier">Null: the latest version, or <c>$LATEST</c> if none is published.</param>
    public static async Task<ExitCode> InvokeAsync(
        CommandContext context,
        string function,
        string? qualifier,
        DurableStart start,
        CancellationToken cancellationToken)
    {
        if (start.Name?.All(c => c is >= ' ' and <= '~') is false) // No other goes into a header.
        {
            throw new CommandException(
                ExitCode.Usage,
                $"\"{start.Name}\" is no name of an execution: it has 1 to 64 letters, digits, - and _.",
                $"lungfish function invoke {function} --name order-1001");
        }

        var functions = context.Client.Functions;
        qualifier ??= new Client.Function((await functions.ListVersionsAsync(function, cancellationToken))[^1]).Version;
        var arn = await functions.StartDurableAsync(
            function, qualifier, start.Name, start.Payload, cancellationToken);
        if (start.Follows)
        {
            return await DurableFollow.FollowAsync(context, arn, timeoutSeconds: null, cancellationToken);
        }

        var output = context.Output;
        var name = Client.DurableArns.NameOf(arn);
        switch (output.Format)
        {
            case OutputFormat.Json:
                output.Json(JsonObject.Of("DurableExecutionArn", arn));
                break;
            case OutputFormat.Id:
                output.Id(arn);
                break;
            default:
                output.Talk.Write("started ", Style.Good);
                output.Talk.Line(name, Style.Heading);
                output.Data.Line(arn);
                output.Suggest(
                    ($"lungfish execution follow {name}", "follows it"),
                    ($"lungfish execution show {name}", "shows its operations"));
                break;
        }

        return ExitCode.Ok;
    }
}
