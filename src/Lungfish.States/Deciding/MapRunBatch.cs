using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Model;
using Lungfish.States.Quotas;

namespace Lungfish.States.Deciding;

/// <summary>Makes the input of the next child of a map run.</summary>
internal sealed class MapRunBatch(Turn turn, Scope scope, MapState state, MapRun run)
{
    private readonly StateData _data = new(turn, scope, StateDecider.GetVisit(scope));

    // {"Items":[]}
    private const int FrameBytes = 12;

    /// <summary>True if the input of the child is the next item, and nothing else.</summary>
    public bool IsItemAsItIs => !run.Plan.IsBatched && state.ItemSelector is null;

    /// <returns>The input, or why there is none, and how many items are in it.</returns>
    public (Evaluated Input, int ItemCount) Next() => run.Plan.IsBatched ? Batch() : (Select(0), 1);

    private (Evaluated Input, int ItemCount) Batch()
    {
        var shared = run.Plan.BatchInput;
        var frame = FrameBytes + (shared is null ? 0 : shared.Utf8Length + "\"BatchInput\":,".Length);
        var payloadMax = turn.Quotas.LimitOf(Quota.PayloadBytes);
        var bytesMax = run.Plan.BatchBytesMax > 0 ? Math.Min(run.Plan.BatchBytesMax, payloadMax) : payloadMax;
        var countMax = run.Plan.BatchItemsMax > 0 ? Math.Min(run.Plan.BatchItemsMax, run.Items.Count) : run.Items.Count;
        var items = ImmutableArray.CreateBuilder<JsonValue>();
        long bytes = frame;
        while (items.Count < countMax)
        {
            var item = Select(items.Count);
            if (item.Value is not { } value)
            {
                return (item, 0);
            }

            bytes += value.Utf8Length + (items.Count > 0 ? 1 : 0);
            if (bytes > bytesMax && items.Count > 0)
            {
                break; // A single item that is too large is told apart by the limit of any input.
            }

            items.Add(value);
        }

        var input = new JsonObject.Builder();
        if (shared is not null)
        {
            input.Set("BatchInput", shared);
        }

        var count = items.Count;
        input.Set("Items", new JsonArray(items.ToImmutable()));
        return (input.Build(), count);
    }

    private Evaluated Select(int offset)
    {
        var item = run.Items[offset];
        return state.ItemSelector is { } selector
            ? _data.ForItem(item).Compose(selector, run.Plan.Input)
            : item.Whole;
    }
}
