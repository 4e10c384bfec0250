namespace Lungfish.States.Tests.Deciding;

/// <summary>Definitions that several tests use.</summary>
internal static class Machines
{
    public const string FunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:work";
    public const string ActivityArn = "arn:aws:states:us-east-1:000000000000:activity:work";
    public const string Send = "arn:aws:states:::sqs:sendMessage";
    public const string SendWithToken = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";

    /// <param name="state">The members of the first state, S.</param>
    public static string Of(string state, string others = "", string machine = "") => $$"""
        { {{machine}} "StartAt": "S", "States": { "S": { {{state}} } {{(others.Length == 0 ? "" : ", " + others)}} } }
        """;

    public static string Task(string resource, string members = "\"End\": true") => Of($"""
        "Type": "Task", "Resource": "{resource}", {members}
        """, members.Contains("\"N\"") ? """ "N": { "Type": "Pass", "End": true } """ : "");
}
