using Lungfish.Durable.Deciding;
using Core = Lungfish.Durable;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>A durable execution of the test's service. Touched under the service's lock only, but for what says
/// otherwise.</summary>
internal sealed class LocalExecution(DurableLocalFunction function, string arn, string name, string id)
{
    private readonly List<Core.Journal.HistoryEvent> _history = [];

    public DurableLocalFunction Function { get; } = function;

    public string Arn { get; } = arn;

    public string Name { get; } = name;

    public string Id { get; } = id;

    public DurableExecution State { get; private set; } = DurableExecution.Blank;

    /// <summary>The invocation that runs, or null.</summary>
    public LocalInvocation? Invocation { get; set; }

    /// <summary>Who waits for the end of this one: an execution and the place of its operation.</summary>
    public (LocalExecution Execution, int Sequence)? Caller { get; init; }

    /// <summary>What the test injects into it; none for an execution that a chained invoke started.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>Fires when the execution has something to do by itself.</summary>
    public ITimer? Wake { get; set; }

    /// <summary>The context in which the test started it: invocations see the test's async locals and not each
    /// other's.</summary>
    public ExecutionContext? Flow { get; init; }

    /// <summary>How many updates its invocations have reported.</summary>
    public int Updates { get; set; }

    /// <summary>How many checkpoint requests its invocations have made.</summary>
    public int Requests { get; set; }

    /// <summary>The caller has been told of its end.</summary>
    public bool IsReported { get; set; }

    public bool HasEnded => State.Status != Core.DurableStatus.Running;

    public IReadOnlyList<Core.Journal.HistoryEvent> History => [.. _history];

    /// <summary>What the service refuses must not pass a test.</summary>
    /// <exception cref="DurableServiceException">It is no name of an execution.</exception>
    public static void CheckName(string? name)
    {
        const int lengthMax = 64;
        var fault = name switch
        {
            { Length: > lengthMax } => $"Member must have length less than or equal to {lengthMax}",
            not null when name.Length is 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) =>
                "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+",
            _ => null,
        };
        if (fault is not null)
        {
            throw new DurableServiceException(
                $"1 validation error detected: Value '{name}' at 'durableExecutionName' failed to satisfy constraint: "
                + fault,
                "InvalidParameterValueException",
                400);
        }
    }

    public void Adopt(Decision decision)
    {
        State = decision.After;
        _history.AddRange(decision.Facts.OfType<Core.Journal.HistoryEvent>());
    }
}
