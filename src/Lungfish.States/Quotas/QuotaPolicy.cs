namespace Lungfish.States.Quotas;

/// <summary>What happens to an execution that goes past a quota of AWS.</summary>
public enum QuotaMode
{
    /// <summary>It fails, as on AWS.</summary>
    Strict,

    /// <summary>It goes on, and the first time that it passes a quota is reported.</summary>
    Warn,

    /// <summary>It goes on, and nothing is measured. What bounds it then is memory.</summary>
    Relaxed,
}

/// <summary>How strictly executions are held to which limits: data that every decision is handed.</summary>
public sealed record QuotaPolicy
{
    /// <summary>As AWS does it.</summary>
    public static readonly QuotaPolicy Strict = new();

    public QuotaMode Mode { get; init; } = QuotaMode.Strict;

    // All documented; the events are measured too.
    public long PayloadBytesMax { get; init; } = 262_144;

    public long HistoryEventsMax { get; init; } = 25_000;

    public long VariableBytesMax { get; init; } = 262_144;

    public long AssignBytesMax { get; init; } = 262_144;

    public long ExecutionVariableBytesMax { get; init; } = 10 << 20;

    public long ArrayRangeItemsMax { get; init; } = 1_000;

    public long IntrinsicTextCharactersMax { get; init; } = 10_000;

    public long ErrorCharactersMax { get; init; } = 256;

    public long CauseCharactersMax { get; init; } = 32_768;

    public long LimitOf(Quota quota) => quota switch
    {
        Quota.PayloadBytes => PayloadBytesMax,
        Quota.HistoryEvents => HistoryEventsMax,
        Quota.VariableBytes => VariableBytesMax,
        Quota.AssignBytes => AssignBytesMax,
        Quota.ExecutionVariableBytes => ExecutionVariableBytesMax,
        Quota.ArrayRangeItems => ArrayRangeItemsMax,
        Quota.IntrinsicTextCharacters => IntrinsicTextCharactersMax,
        Quota.ErrorCharacters => ErrorCharactersMax,
        Quota.CauseCharacters => CauseCharactersMax,
        _ => throw new ArgumentOutOfRangeException(nameof(quota), quota, "There is no such quota."),
    };
}
