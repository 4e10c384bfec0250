namespace Lungfish.States.Quotas;

/// <summary>A limit that AWS sets while an execution runs.</summary>
public enum Quota
{
    /// <summary>The input, output or result of a state, in bytes of UTF-8.</summary>
    PayloadBytes,

    /// <summary>The events of one execution.</summary>
    HistoryEvents,

    /// <summary>One variable, in bytes of UTF-8.</summary>
    VariableBytes,

    /// <summary>All variables that one Assign sets, in bytes of UTF-8.</summary>
    AssignBytes,

    /// <summary>All variables of an execution, in bytes of UTF-8.</summary>
    ExecutionVariableBytes,

    /// <summary>The items that States.ArrayRange makes.</summary>
    ArrayRangeItems,

    /// <summary>The text that States.Base64Encode, States.Base64Decode and States.Hash take.</summary>
    IntrinsicTextCharacters,
}

/// <summary>What AWS's limits are.</summary>
public static class QuotaLimits
{
    // All documented; the events are measured too.
    public static long Of(Quota quota) => quota switch
    {
        Quota.PayloadBytes => 262_144,
        Quota.HistoryEvents => 25_000,
        Quota.VariableBytes => 262_144,
        Quota.AssignBytes => 262_144,
        Quota.ExecutionVariableBytes => 10L << 20,
        Quota.ArrayRangeItems => 1_000,
        Quota.IntrinsicTextCharacters => 10_000,
        _ => throw new ArgumentOutOfRangeException(nameof(quota), quota, "There is no such quota."),
    };
}
