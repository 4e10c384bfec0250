using System.Globalization;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Durable;

/// <summary>The operations that an invocation is to see, page by page. A marker works for the invocation that it was
/// made for.</summary>
internal static class StatePages
{
    public static string Mark(PageTokens pages, ExecutionId execution, long invocation, int sequence) =>
        pages.Make(Query(execution, invocation), sequence.ToString(CultureInfo.InvariantCulture));

    public static Page<Operation> Read(
        PageTokens pages, ExecutionId id, long invocation, DurableExecution view, string? marker, int countMax)
    {
        var from = 0;
        if (marker is not null)
        {
            var position = pages.TryOpen(Query(id, invocation), marker) ?? throw DurableErrors.InvalidMarker();
            from = int.Parse(position, CultureInfo.InvariantCulture);
        }

        var operations = view.OperationsToReplay(from).Take(countMax + 1).ToList();
        if (operations.Count <= countMax)
        {
            return new Page<Operation>(operations, null);
        }

        var next = Mark(pages, id, invocation, operations[countMax].Sequence);
        operations.RemoveAt(countMax);
        return new Page<Operation>(operations, next);
    }

    private static string Query(ExecutionId execution, long invocation) => string.Create(
        CultureInfo.InvariantCulture, $"GetDurableExecutionState {execution.Uuid} {invocation}");
}
