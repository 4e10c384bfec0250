using Lungfish.States.Deciding;
using Lungfish.States.Quotas;

namespace Lungfish.States.Journal;

/// <summary>What is true for ever of one execution. Public history events are facts; a few more are internal.</summary>
public abstract record Fact
{
    private protected Fact() { }
}

/// <summary>A Wait state sleeps until a moment that was evaluated when it was entered.</summary>
internal sealed record WaitScheduled(ScopeId Scope, DateTimeOffset Due) : Fact;

/// <summary>A failed state is run again at a moment; jitter, if there is any, is in it already.</summary>
/// <param name="Retrier">The index of the retrier that matched, whose count goes up.</param>
/// <param name="FailingEventId">What the next attempt's first event follows in the history's chain.</param>
internal sealed record RetryScheduled(ScopeId Scope, int Retrier, DateTimeOffset Due, long FailingEventId) : Fact;

/// <summary>A task's heartbeat clock starts anew.</summary>
internal sealed record HeartbeatReceived(long TaskId, DateTimeOffset At) : Fact;

/// <summary>Tells whether states are left that could go on but had to let others run.</summary>
internal sealed record TurnYielded(bool HasMoreToDo) : Fact;

/// <summary>The execution needs more than AWS would give it, and goes on because quotas only warn.</summary>
internal sealed record QuotaExceeded(Quota Quota) : Fact;
