using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Partitions;

/// <summary>Which partition owns which slot: even ranges, in order.</summary>
internal sealed class PartitionMap(IReadOnlyList<Partition> partitions)
{
    public IReadOnlyList<Partition> All => partitions;

    public static SlotRange RangeOf(int number, int count) =>
        new((short)((long)Slot.Count * number / count), (short)((long)Slot.Count * (number + 1) / count));

    public Partition Of(Slot slot)
    {
        // The inverse of RangeOf, without a search: the guess is right or one too low.
        var guess = (int)((long)slot.Number * partitions.Count / Slot.Count);
        while (slot.Number >= partitions[guess].Slots.End)
        {
            guess++;
        }

        return partitions[guess];
    }

    /// <summary>Has every partition look at what there is to do.</summary>
    public void RunAll()
    {
        foreach (var partition in partitions)
        {
            partition.PostControl(LookAgain.Message); // A message is seen even by one that is just about to rest.
        }
    }

    /// <summary>Comes back when all that is being decided now is durable.</summary>
    public async Task PassBarrierAsync()
    {
        var barriers = new List<Task>(partitions.Count);
        foreach (var partition in partitions)
        {
            var barrier = new Barrier();
            partition.Post(barrier);
            barriers.Add(barrier.Passed);
        }

        foreach (var barrier in barriers)
        {
            await barrier;
        }
    }

    private sealed class LookAgain : ControlMessage
    {
        public static readonly LookAgain Message = new();

        public override void Handle(Partition partition)
        {
            // That it runs is all that is wanted.
        }
    }
}
