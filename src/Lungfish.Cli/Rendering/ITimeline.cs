namespace Lungfish.Cli.Rendering;

/// <summary>What an execution went through: states of a state machine, or operations of a durable execution.</summary>
internal interface ITimeline
{
    IReadOnlyList<StateVisit> Roots { get; }

    /// <summary>What keeps the execution from going on for now; null: nothing does.</summary>
    string? Trouble => null;
}

/// <summary>One event of a history, folded into a timeline.</summary>
/// <param name="Visit">What the event began or changed; null for events of the execution itself.</param>
/// <param name="Json">The event as the server told it.</param>
internal readonly record struct TimelineStep(StateVisit? Visit, DateTimeOffset At, string Json);
