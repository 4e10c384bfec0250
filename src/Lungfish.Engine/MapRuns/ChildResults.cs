using System.Runtime.CompilerServices;
using System.Text;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.MapRuns;

/// <summary>Reads what the child executions of a map run came to, page by page.</summary>
internal sealed class ChildResults(IStore store)
{
    private const int PageMax = 100;

    /// <summary>The children that have closed, oldest first as far as statuses go together.</summary>
    public async IAsyncEnumerable<ChildResult> ReadAsync(
        string mapRunArn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new ExecutionQuery { MapRun = MapRunNames.IdOf(mapRunArn), CountMax = PageMax };
        while (true)
        {
            var page = await store.ListExecutionsAsync(query, cancellationToken);
            foreach (var header in page.Where(header => header.Status != ExecutionStatus.Running))
            {
                yield return await ReadAsync(header, cancellationToken);
            }

            if (page.Count < PageMax)
            {
                yield break;
            }

            query = query with { After = new ExecutionCursor(page[^1].StartedAt, page[^1].Id.Uuid) };
        }
    }

    private async Task<ChildResult> ReadAsync(ExecutionHeader header, CancellationToken cancellationToken)
    {
        var stored = await store.FindByNameAsync(header.Key, cancellationToken) ?? header; // With its output.
        var arn = ExecutionArns.Of(header.Key);
        var input = await JournalReads.OfAsync(
            arn,
            async () => JournalReading.InputOf(await store.ReadJournalAsync(header.Id, 1, 1, cancellationToken)));
        return new ChildResult
        {
            ExecutionArn = arn,
            Name = header.Key.Name,
            Status = stored.Status,
            StartedAt = stored.StartedAt,
            StoppedAt = stored.StoppedAt ?? stored.StartedAt,
            Input = input,
            Output = stored.Output is { } output ? Encoding.UTF8.GetString(output.Span) : null,
            Error = stored.Error,
            Cause = stored.Cause,
        };
    }
}
