namespace Lungfish.Engine.Partitions;

internal enum PartitionPhase
{
    /// <summary>Owns nothing: messages wait until the store has been read.</summary>
    Recovering,

    Running,

    /// <summary>Another owner has it, or the engine stopped: messages are refused.</summary>
    Closed,
}
