using Lungfish.Engine.Api;
using Lungfish.Server.StepFunctions;
using Lungfish.States.Deciding;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.Console;

/// <summary>An execution's history, a line an event; with <c>follow=true</c> until the execution closes.</summary>
internal sealed class HistoryStream(IExecutions executions)
{
    private const int PageSize = 1000;

    // How long a new event may go unseen while an execution runs.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    public async Task SendAsync(HttpContext context, JsonLines lines, CancellationToken cancellationToken)
    {
        var arn = ExecutionArn.Parse(context.Route("arn")).Value;
        var last = (long)context.QueryNumber("after", fallback: 0, min: 0, max: int.MaxValue);
        var follow = context.Query("follow") is "true";
        var withData = context.Query("data") is not "false";
        while (true)
        {
            // Asked before the reading: all that a closed execution will ever have is then read below.
            var isClosed = !follow || await IsClosedAsync(arn, cancellationToken);
            last = await SendNewAsync(arn, last, withData, lines, cancellationToken);
            await lines.BeginAsync(cancellationToken);
            await lines.FlushAsync(cancellationToken);
            if (isClosed)
            {
                return;
            }

            _ = await executions.WaitAsync(arn, LookEvery, cancellationToken);
        }
    }

    private async Task<bool> IsClosedAsync(string arn, CancellationToken cancellationToken)
    {
        var execution = await executions.DescribeAsync(arn, cancellationToken);
        return execution.Summary.Status != ExecutionStatus.Running;
    }

    private async Task<long> SendNewAsync(
        string arn, long last, bool withData, JsonLines lines, CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var page = await executions.ReadHistoryAsync(arn, PageSize, reverse: false, token, cancellationToken);
            foreach (var historyEvent in page.Items.Where(historyEvent => historyEvent.Id > last))
            {
                await lines.BeginAsync(cancellationToken);
                lines.Add(writer => historyEvent.WriteTo(writer, withData));
                last = historyEvent.Id;
            }

            token = page.NextToken;
        }
        while (token is not null);
        return last;
    }
}
