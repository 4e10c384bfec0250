namespace Lungfish.Engine.Tests.Support;

internal static class Definitions
{
    public const string Pass = """{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}""";

    public const string Task = """
        {"StartAt":"T","States":{"T":{"Type":"Task","End":true,
        "Resource":"arn:aws:lambda:us-east-1:000000000000:function:f"}}}
        """;

    public const string Callback = """
        {"StartAt":"T","States":{"T":{"Type":"Task","End":true,
        "Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters":{"FunctionName":"f","Payload":{"token.$":"$$.Task.Token"}}}}}
        """;

    public const string CallbackWithTimeout = """
        {"StartAt":"T","States":{"T":{"Type":"Task","End":true,"TimeoutSeconds":3600,
        "Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters":{"FunctionName":"f","Payload":{"token.$":"$$.Task.Token"}}}}}
        """;

    public const string Sync = """
        {"StartAt":"T","States":{"T":{"Type":"Task","End":true,
        "Resource":"arn:aws:states:::states:startExecution.sync","Parameters":{"StateMachineArn":"m"}}}}
        """;

    public const string Activity = """
        {"StartAt":"T","States":{"T":{"Type":"Task","End":true,
        "Resource":"arn:aws:states:us-east-1:000000000000:activity:work"}}}
        """;

    public static string Wait(long seconds) =>
        """{"StartAt":"W","States":{"W":{"Type":"Wait","End":true,"Seconds":""" + seconds + "}}}";
}
