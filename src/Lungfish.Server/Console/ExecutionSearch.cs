using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;

namespace Lungfish.Server.Console;

/// <summary>Finds executions across machines, which no operation of the AWS API does.</summary>
internal sealed class ExecutionSearch(IStore store)
{
    public async Task<IReadOnlyList<ExecutionSummary>> FindAsync(
        ExecutionQuery query, CancellationToken cancellationToken)
    {
        var found = await store.ListExecutionsAsync(query, cancellationToken);
        return [.. found.Select(Summarize)];
    }

    /// <returns>Null if that machine has no execution of that name.</returns>
    public async Task<ExecutionSummary?> FindByNameAsync(
        string stateMachineArn, string name, CancellationToken cancellationToken)
    {
        var found = await store.FindByNameAsync(new ExecutionKey(stateMachineArn, name), cancellationToken);
        return found is null ? null : Summarize(found);
    }

    private static ExecutionSummary Summarize(ExecutionHeader header) => new()
    {
        ExecutionArn = ArnOf(header.Key),
        StateMachineArn = header.Key.OwnerArn,
        Name = header.Key.Name,
        Status = header.Status,
        StartDate = header.StartedAt,
        StopDate = header.StoppedAt,
    };

    // An execution's ARN is its machine's with another type in the sixth place, and its name at the end.
    private static string ArnOf(ExecutionKey key) =>
        $"{key.OwnerArn.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal)}:{key.Name}";
}
