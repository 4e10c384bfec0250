namespace Lungfish.States.Quotas;

/// <summary>What happens to an execution that goes past a quota of AWS.</summary>
public enum QuotaMode
{
    /// <summary>It fails, as on AWS.</summary>
    Strict,

    /// <summary>It goes on, and that is reported.</summary>
    Warn,

    /// <summary>It goes on.</summary>
    Relaxed,
}

/// <summary>Holds executions to the quotas of AWS, as strictly as it is told to.</summary>
/// <param name="report">Hears of each quota that was passed in the mode <see cref="QuotaMode.Warn"/>.</param>
public sealed class QuotaGuard(QuotaMode mode, Action<Quota> report)
{
    public static readonly QuotaGuard Strict = new(QuotaMode.Strict, static _ => { });

    /// <summary>True if that much of it must fail.</summary>
    public bool Refuses(Quota quota, long amount)
    {
        if (mode == QuotaMode.Relaxed || amount <= QuotaLimits.Of(quota))
        {
            return false;
        }

        if (mode == QuotaMode.Warn)
        {
            report(quota);
        }

        return mode == QuotaMode.Strict;
    }
}
