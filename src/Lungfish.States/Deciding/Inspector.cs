using Lungfish.Json;
using Lungfish.States.Model;
using Lungfish.States.Testing;

namespace Lungfish.States.Deciding;

/// <summary>Watches one state while it is tested: what its data is after each step, where its failure goes.</summary>
/// <remarks>Executions have none. Which steps a state of each type shows is recorded in test_state/*.</remarks>
internal sealed class Inspector(JsonObject context, StateInspection begun)
{
    public StateInspection Seen { get; private set; } = begun;

    /// <summary>The last failure, retried and caught ones too.</summary>
    public StateFailure? Failure { get; private set; }

    /// <summary>The context object of the test.</summary>
    /// <param name="taskToken">Not null while the arguments of a task that waits for its token are evaluated.</param>
    public JsonObject Context(string? taskToken, MapItem? item)
    {
        var shown = taskToken is not null && context["Task"] is null
            ? context.With("Task", JsonObject.Of("Token", taskToken))
            : context;
        return item is { } iterated ? shown.With("Map", JsonObject.Of("Item", iterated.Describe())) : shown;
    }

    public void AfterInputPath(State state, Evaluated input)
    {
        if (input.Value is { } value && state is { Data: JsonPathFlow } and not ParallelState
            and not PassState { Result: not null })
        {
            Seen = Seen with { AfterInputPath = value };
        }
    }

    /// <summary>Parameters or Arguments.</summary>
    public void AfterArguments(State state, Evaluated arguments)
    {
        if (arguments.Value is not { } value)
        {
            return;
        }

        if (state is { Data: JsonPathFlow { Parameters: var parameters } }
            && (state is not ParallelState || parameters is not null))
        {
            Seen = Seen with { AfterParameters = value };
        }
        else if (state is TaskState or ParallelState { Data: JsonataFlow { Arguments: not null } })
        {
            Seen = Seen with { AfterArguments = value };
        }
    }

    /// <summary>What the work gave, before anything is made of it.</summary>
    public void Result(State state, JsonValue result)
    {
        if (state is TaskState or PassState { Result: not null })
        {
            Seen = Seen with { Result = result };
        }
    }

    /// <summary>What ResultSelector and then ResultPath made of it.</summary>
    public void AfterResult(State state, Evaluated selected, Evaluated merged)
    {
        if (state is PassState or TaskState or ParallelState or MapState)
        {
            Seen = Seen with { AfterResultSelector = selected.Value, AfterResultPath = merged.Value };
        }
    }

    /// <summary>What a Map finds before it begins to iterate.</summary>
    public void BeforeIterations(Func<StateInspection, StateInspection> add) => Seen = add(Seen);

    public void Failed(StateFailure failure) => Failure = failure;

    /// <summary>The failure is one of this retrier, be it used up or not.</summary>
    public void MatchedRetrier(int index) => Seen = Seen with { RetryIndex = index };

    public void WouldRetry(TimeSpan after) => Seen = Seen with { RetryBackoff = after };

    public void MatchedCatcher(int index) => Seen = Seen with { CatchIndex = index };
}
