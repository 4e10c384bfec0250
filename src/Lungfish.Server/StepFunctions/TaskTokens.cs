using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal static class TaskTokens
{
    public static readonly TextRule Rule = TextRule.Length(1, 2048);
}
