namespace Lungfish.Engine.Identifiers;

/// <summary>One of 16,384 buckets that every execution falls into by its owner and name; stored in every
/// key.</summary>
public readonly record struct Slot(short Number)
{
    public const int Count = 16_384;

    public static Slot Of(string ownerArn, string executionName)
    {
        unchecked
        {
            // FNV-1a over the UTF-8 bytes, then an avalanche: stable for ever, it is part of every stored key.
            var hash = Hashes.Add(Hashes.Start, ownerArn);
            hash *= Hashes.Prime; // A zero byte between the two.
            hash = Hashes.Add(hash, executionName);
            hash ^= hash >> 33;
            hash *= 0xff51afd7ed558ccdUL;
            hash ^= hash >> 33;
            return new Slot((short)(hash % Count));
        }
    }
}

/// <summary>What names an execution in the store: its slot and a UUID of version 7.</summary>
public readonly record struct ExecutionId(Slot Slot, Guid Uuid);

/// <summary>What clients name an execution by.</summary>
/// <param name="OwnerArn">Of the state machine; for a durable execution, of the function, qualified with its
/// version.</param>
public readonly record struct ExecutionKey(string OwnerArn, string Name)
{
    public Slot Slot => Slot.Of(OwnerArn, Name);

    /// <summary>The owner says it.</summary>
    public ExecutionKind Kind =>
        FunctionArns.IsFunction(OwnerArn) ? ExecutionKind.Durable : ExecutionKind.StateMachine;

    public bool IsDurable => Kind == ExecutionKind.Durable;
}

/// <summary>What is executed. The numbers are stored.</summary>
public enum ExecutionKind
{
    StateMachine = 0,

    /// <summary>A durable function.</summary>
    Durable = 1,
}

/// <summary>A range of slots with one owner at a time.</summary>
public readonly record struct PartitionId(int Number);

/// <summary>Slots from <paramref name="First"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct SlotRange(short First, short End);

/// <summary>Grows with each taking of a partition; a commit under an older one is refused.</summary>
public readonly record struct Epoch(long Value);
