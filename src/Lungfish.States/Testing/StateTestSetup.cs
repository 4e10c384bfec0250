using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.States.Testing;

/// <summary>One state, and the moment in an execution at which it is tested.</summary>
public sealed record StateTestSetup
{
    public required State State { get; init; }

    public required JsonValue Input { get; init; }

    /// <summary>The variables that are set when the state is entered.</summary>
    public required JsonObject Variables { get; init; }

    /// <summary>Who the execution is; its role may be empty.</summary>
    public required ExecutionIdentity Identity { get; init; }

    /// <summary>The context object as the caller wants it; null: one is made from the identity.</summary>
    public required JsonObject? Context { get; init; }

    /// <summary>What the state's work leads to; null: it is really done.</summary>
    public required StateMock? Mock { get; init; }

    public required StateTestConfiguration Configuration { get; init; }
}

/// <summary>The outcome that a test gives to a state's work.</summary>
public abstract record StateMock
{
    private protected StateMock() { }
}

public sealed record MockedResult(JsonValue Result) : StateMock;

public sealed record MockedError(string Error, string? Cause) : StateMock
{
    /// <summary>The failure that an execution would have by that name.</summary>
    internal StateFailure ToFailure() => new(Error, Cause, Error switch
    {
        ErrorNames.Timeout => FailureKind.TaskTimeout,
        ErrorNames.HeartbeatTimeout => FailureKind.HeartbeatTimeout,
        ErrorNames.Runtime => FailureKind.Terminal,
        ErrorNames.QueryEvaluationError => FailureKind.State,
        _ => FailureKind.Task,
    });
}
