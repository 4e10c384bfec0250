namespace Lungfish.States.Deciding;

/// <summary>Decides what follows for a state machine execution from what happened. Pure: changes nothing.</summary>
public static class ExecutionDecider
{
    public static Decision Decide(
        Execution execution, Message message, DateTimeOffset now, Seed seed, ISurroundings surroundings) =>
        throw new NotSupportedException(message.ToString());
}
