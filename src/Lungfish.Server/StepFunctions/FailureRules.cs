using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal static class FailureRules
{
    public static readonly TextRule Error = new() { LengthMax = 256, IsSensitive = true, IsQuota = true };

    public static readonly TextRule Cause = new() { LengthMax = 32_768, IsSensitive = true, IsQuota = true };
}
