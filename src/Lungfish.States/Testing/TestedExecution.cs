using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Model;

namespace Lungfish.States.Testing;

/// <summary>The execution around a tested state.</summary>
internal static class TestedExecution
{
    /// <summary>An execution that has just entered the state, with the variables and retries of the test.</summary>
    public static Execution Enter(StateTestSetup setup, DateTimeOffset now)
    {
        var state = setup.State;
        var flow = new Flow
        {
            StartAt = state.Name,
            States = ImmutableDictionary.Create<string, State>(StringComparer.Ordinal).Add(state.Name, state),
        };
        var entered = Execution.Blank(new StateMachineDefinition { Flow = flow })
            .Apply(Event(1, HistoryEventType.ExecutionStarted, now, new()
            {
                Identity = setup.Identity,
                Input = setup.Input,
                InputText = setup.Input.ToText(),
            }))
            .Apply(Event(2, StateDecider.EnteredType(state), now, new() { Name = state.Name, Input = setup.Input }));

        var retries = setup.Configuration.RetrierRetryCount ?? 0;
        return entered.With(entered.Root with
        {
            Variables = setup.Variables.ToImmutableDictionary(StringComparer.Ordinal),
            OwnVariableBytes = setup.Variables.Sum(variable => variable.Value.Utf8Length),
            Visit = StateDecider.GetVisit(entered.Root) with
            {
                RetryCount = retries,
                RetriesMade = [.. FailureDecider.Retriers(state).Select(_ => retries)],
            },
        });
    }

    /// <summary>The variables as an object with its members in order; null if there are none.</summary>
    public static JsonObject? Variables(Execution execution) => execution.Root.Variables is { IsEmpty: false } variables
        ? JsonObject.Of(variables.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        : null;

    private static HistoryEvent Event(long id, HistoryEventType type, DateTimeOffset now, EventDetails details) => new()
    {
        Id = id,
        PreviousEventId = id - 1,
        Timestamp = now,
        Type = type,
        Scope = ScopeId.Root,
        Details = details,
    };
}
