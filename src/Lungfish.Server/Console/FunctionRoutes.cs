using Lungfish.Functions;
using Lungfish.Server.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Server.Console;

/// <summary>What the console and the CLI ask of functions beside the Lambda API.</summary>
internal sealed class FunctionRoutes(FunctionService functions, CancellationToken stopping)
{
    private const int LinesMax = 100_000;

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapLines("/api/functions/{name}/logs", SendLogsAsync, stopping);

    public IEnumerable<Match> List() => functions.List().Select(function =>
        new Match("function", functions.Account.FunctionArn(function.Name), function.Name));

    private async Task SendLogsAsync(HttpContext context, JsonLines lines, CancellationToken cancellationToken)
    {
        var function = FunctionReference.Parse(context.Route("name"), null, functions.Account);
        _ = functions.Get(function); // Refused before the headers go out.
        var filter = new LogFilter
        {
            Last = context.Query("limit") is null ? null : context.QueryNumber("limit", 0, min: 0, max: LinesMax),
            RequestId = context.Query("requestId"),
            Version = context.Query("version"),
            Follow = context.Query("follow") is "true",
        };
        await lines.BeginAsync(cancellationToken);
        await foreach (var line in functions.ReadLogsAsync(function, filter, cancellationToken))
        {
            lines.Add(writer =>
            {
                writer.WriteStartObject();
                writer.WriteTime("timestamp"u8, line.Time);
                writer.WriteText("requestId"u8, line.RequestId);
                writer.WriteString("version"u8, line.Version);
                writer.WriteString("message"u8, line.Text);
                writer.WriteEndObject();
            });
            await lines.FlushAsync(cancellationToken);
        }
    }
}
