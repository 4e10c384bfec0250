using Lungfish.Engine.Identifiers;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>The names of state machines, executions and activities.</summary>
internal static class Names
{
    public static readonly TextRule Rule = TextRule.Length(1, ResourceName.LengthMax);
}
