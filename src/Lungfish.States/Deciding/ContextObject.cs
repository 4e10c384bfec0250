using System.Globalization;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

/// <summary>What <c>$$</c> reads.</summary>
internal static class ContextObject
{
    private static readonly JsonNumber Zero = new(0);

    /// <param name="taskToken">Documented: exists only while the parameters of such a task are evaluated.</param>
    /// <param name="item">The item that <c>$$.Map.Item</c> shows, if any.</param>
    /// <param name="member">The only one that is needed; null: all.</param>
    public static JsonObject Of(
        Execution execution, Visit visit, string? taskToken, MapItem? item, string? member)
    {
        var context = new JsonObject.Builder();

        // Recorded in base/test_query_context_object_values: members in this order.
        if (member is null or "Execution")
        {
            context.Set("Execution", OfExecution(execution));
        }

        if (member is null or "StateMachine")
        {
            context.Set("StateMachine", OfStateMachine(execution));
        }

        if (member is null or "State")
        {
            context.Set("State", OfState(visit));
        }

        if ((member is null or "Task") && taskToken is not null)
        {
            context.Set("Task", JsonObject.Of("Token", taskToken));
        }

        if ((member is null or "Map") && item is { } i)
        {
            context.Set("Map", JsonObject.Of("Item", i.Describe()));
        }

        return context.Build();
    }

    private static JsonObject OfExecution(Execution execution) => JsonObject.Of(
        ("Id", execution.Identity?.ExecutionArn ?? ""),
        ("Input", execution.Input),
        ("StartTime", Time(execution.StartedAt)),
        ("Name", execution.Identity?.ExecutionName ?? ""),
        ("RoleArn", execution.Identity?.RoleArn ?? ""),
        ("RedriveCount", Zero));

    private static JsonObject OfStateMachine(Execution execution) => JsonObject.Of(
        ("Id", execution.Identity?.StateMachineArn ?? ""), ("Name", execution.Identity?.StateMachineName ?? ""));

    private static JsonObject OfState(Visit visit)
    {
        var state = JsonObject.Of(("Name", visit.State.Name), ("EnteredTime", Time(visit.EnteredAt)));

        // Documented: only in states that can retry.
        return visit.State is TaskState or ParallelState or MapState
            ? state.With("RetryCount", visit.RetryCount)
            : state;
    }

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>An item that a Map iterates.</summary>
/// <param name="Key">The name of the member, where an object is iterated.</param>
/// <param name="Source">Where the item comes from; null in a Map that is not distributed.</param>
internal readonly record struct MapItem(long Index, JsonValue Value, string? Key = null, string? Source = null)
{
    /// <summary>Documented: where an object comes from state data.</summary>
    public const string StateData = "STATE_DATA";

    /// <summary>What a child gets that has no ItemSelector. Measured for the members of an object.</summary>
    public JsonValue Whole => Key is null ? Value : JsonObject.Of(("Key", Key), ("Value", Value));

    public JsonObject Describe()
    {
        var item = JsonObject.Of(("Index", Index), ("Value", Value));
        item = Key is null ? item : item.With("Key", Key);
        return Source is null ? item : item.With("Source", Source);
    }
}
