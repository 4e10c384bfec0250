namespace Lungfish.States.Quotas;

/// <summary>A limit that AWS sets while an execution runs. The numbers are stored, as bits of a set.</summary>
public enum Quota : byte
{
    /// <summary>The input, output or result of a state, in bytes of UTF-8.</summary>
    PayloadBytes = 0,

    /// <summary>The events of one execution.</summary>
    HistoryEvents = 1,

    /// <summary>One variable, in bytes of UTF-8.</summary>
    VariableBytes = 2,

    /// <summary>All variables that one Assign sets, in bytes of UTF-8.</summary>
    AssignBytes = 3,

    /// <summary>All variables of an execution, in bytes of UTF-8.</summary>
    ExecutionVariableBytes = 4,

    /// <summary>The items that States.ArrayRange makes.</summary>
    ArrayRangeItems = 5,

    /// <summary>The text that States.Base64Encode, States.Base64Decode and States.Hash take.</summary>
    IntrinsicTextCharacters = 6,

    /// <summary>The name of an error that a caller gives.</summary>
    ErrorCharacters = 7,

    /// <summary>The cause of an error that a caller gives.</summary>
    CauseCharacters = 8,
}

/// <summary>A set of quotas, such as those that an execution has gone past.</summary>
public readonly record struct QuotaSet(uint Bits)
{
    public bool Contains(Quota quota) => (Bits & BitOf(quota)) != 0;

    public QuotaSet With(Quota quota) => new(Bits | BitOf(quota));

    private static uint BitOf(Quota quota) => 1u << (int)quota;
}
