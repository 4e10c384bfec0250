namespace Lungfish.Durable.Deciding;

/// <summary>What follows from what happened, for a durable execution.</summary>
public static class DurableDecider
{
    public static Decision Decide(
        DurableExecution execution, Message message, DateTimeOffset now, Seed seed, ISurroundings surroundings) =>
        throw new NotSupportedException($"{execution} {message} {now} {seed} {surroundings}");
}
