using Lungfish.Engine.Api;
using Lungfish.Server.StepFunctions;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.Console;

/// <summary>An execution's history, a line an event; with <c>follow=true</c> until the execution closes.</summary>
internal sealed class HistoryStream(IExecutions executions)
{
    private const int PageSize = 1000;

    public async Task SendAsync(HttpContext context, JsonLines lines, CancellationToken cancellationToken)
    {
        var arn = ExecutionArn.Parse(context.Route("arn")).Value;
        var after = context.QueryNumber("after", fallback: 0, min: 0, max: int.MaxValue);
        var withData = context.Query("data") is not "false";
        if (context.Query("follow") is "true")
        {
            await FollowAsync(arn, after, withData, lines, cancellationToken);
        }
        else
        {
            await SendSoFarAsync(arn, after, withData, lines, cancellationToken);
        }
    }

    private async Task FollowAsync(
        string arn, long after, bool withData, JsonLines lines, CancellationToken cancellationToken)
    {
        _ = await executions.DescribeAsync(arn, cancellationToken); // Refused before the headers go out.
        await lines.BeginAsync(cancellationToken);
        await using var events = executions.FollowHistoryAsync(arn, after, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = events.MoveNextAsync();
            if (!next.IsCompleted)
            {
                await lines.FlushAsync(cancellationToken); // Caught up; a burst goes out in one piece.
            }

            if (!await next)
            {
                return;
            }

            lines.Add(writer => events.Current.WriteTo(writer, withData));
        }
    }

    private async Task SendSoFarAsync(
        string arn, long after, bool withData, JsonLines lines, CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var page = await executions.ReadHistoryAsync(arn, PageSize, reverse: false, token, cancellationToken);
            await lines.BeginAsync(cancellationToken);
            foreach (var historyEvent in page.Items.Where(historyEvent => historyEvent.Id > after))
            {
                lines.Add(writer => historyEvent.WriteTo(writer, withData));
            }

            await lines.FlushAsync(cancellationToken);
            token = page.NextToken;
        }
        while (token is not null);
    }
}
