using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Partitions;

/// <summary>The dice of a turn: SplitMix64 over what is new in each, so that a restart rolls others.</summary>
internal static class TurnSeed
{
    /// <param name="turn">Grows from turn to turn.</param>
    public static ulong Next(ExecutionId id, long turn, long nowMs)
    {
        unchecked
        {
            Span<byte> uuid = stackalloc byte[16];
            _ = id.Uuid.TryWriteBytes(uuid);
            var z = BitConverter.ToUInt64(uuid) ^ BitConverter.ToUInt64(uuid[8..]);
            z += 0x9E3779B97F4A7C15UL * (ulong)turn + (ulong)nowMs;
            return Hashes.Mix(z);
        }
    }
}
