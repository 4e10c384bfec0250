using Lungfish.Engine;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>The ARN of a state machine, or of a version, alias or map label of one.</summary>
internal readonly record struct StateMachineArn(string Value)
{
    public static StateMachineArn Read(RequestMembers members, string name) =>
        new(ArnForm.Read(members, name, "stateMachine", partsMin: 7));

    public static StateMachineArn Parse(string text)
    {
        ArnForm.Check(text, "stateMachine", partsMin: 7);
        return new StateMachineArn(text);
    }
}

internal readonly record struct ExecutionArn(string Value)
{
    public static ExecutionArn Read(RequestMembers members, string name) =>
        new(ArnForm.Read(members, name, "execution", partsMin: 8));

    public static ExecutionArn Parse(string text)
    {
        ArnForm.Check(text, "execution", partsMin: 8);
        return new ExecutionArn(text);
    }
}

internal readonly record struct MapRunArn(string Value)
{
    private static readonly TextRule Rule = TextRule.Length(1, 2000);

    public static MapRunArn Read(RequestMembers members, string name) =>
        new(ArnForm.Read(members, name, "mapRun", partsMin: 8, Rule));
}

internal readonly record struct ActivityArn(string Value)
{
    public static ActivityArn Read(RequestMembers members, string name) =>
        new(ArnForm.Read(members, name, "activity", partsMin: 7));
}

/// <summary>The form of all ARNs of Step Functions: <c>arn:PARTITION:states:REGION:ACCOUNT:TYPE:NAME...</c></summary>
internal static class ArnForm
{
    public static readonly TextRule Rule = TextRule.Length(1, 256);

    /// <summary>Reads a required ARN. Its form is checked before any constraint: measured on AWS.</summary>
    public static string Read(
        RequestMembers members, string name, string type, int partsMin, TextRule? rule = null)
    {
        if (members.Peek(name) is { Length: > 0 } text)
        {
            Check(text, type, partsMin);
        }

        return members.Text(name, rule ?? Rule);
    }

    /// <exception cref="Lungfish.Engine.ApiException">InvalidArn.</exception>
    public static void Check(string text, string type, int partsMin)
    {
        Span<Range> parts = stackalloc Range[9];
        var span = text.AsSpan();
        var count = span.Split(parts, ':');
        if (count < partsMin || !span[parts[0]].SequenceEqual("arn") || !span[parts[2]].SequenceEqual("states"))
        {
            // Recorded in sfn_api_activities/test_describe_activity_invalid_arn.
            throw StepFunctionsErrors.InvalidArn($"Invalid ARN prefix: {text}");
        }

        var given = span[parts[5]];
        if (!given.SequenceEqual(type))
        {
            // Recorded in sfn_api_express.
            throw StepFunctionsErrors.InvalidArn($"Resource type not valid in this context: {given}");
        }
    }
}
