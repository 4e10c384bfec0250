using Lungfish.Json;

namespace Lungfish.States.Quotas;

/// <summary>Holds one execution to the quotas, as strictly as the policy says.</summary>
/// <param name="report">Hears of each quota that was passed in the mode <see cref="QuotaMode.Warn"/>, and of how much
/// was needed.</param>
public sealed class QuotaGuard(QuotaPolicy policy, Action<Quota, long> report)
{
    public static readonly QuotaGuard Strict = new(QuotaPolicy.Strict, static (_, _) => { });

    public long LimitOf(Quota quota) => policy.LimitOf(quota);

    /// <summary>True if that much of it must fail.</summary>
    public bool Refuses(Quota quota, long amount)
    {
        if (policy.Mode == QuotaMode.Relaxed || amount <= policy.LimitOf(quota))
        {
            return false;
        }

        if (policy.Mode == QuotaMode.Warn)
        {
            report(quota, amount);
        }

        return policy.Mode == QuotaMode.Strict;
    }

    /// <summary>True if a value is larger than the quota allows. Where none holds, nothing is measured.</summary>
    public bool Refuses(Quota quota, JsonValue value) =>
        policy.Mode != QuotaMode.Relaxed && Refuses(quota, value.Utf8Length);
}
