namespace Lungfish.EndToEnd.Soak;

/// <summary>A state machine of the soak run.</summary>
/// <param name="Name">Of the machine.</param>
/// <param name="Share">How often it is started, in proportion to the others.</param>
/// <param name="Definition">DESK, ACTIVITY and function names in angle brackets stand for addresses.</param>
/// <param name="Status">How each execution ends.</param>
/// <param name="Error">With which error.</param>
internal sealed record SoakKind(
    string Name, int Share, string Definition, string Status = "SUCCEEDED", string? Error = null)
{
    /// <summary>It is stopped once it runs.</summary>
    public bool IsStopped => Status == "ABORTED";

    public static IReadOnlyList<SoakKind> All { get; } =
    [
        new("Passing", 12, """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"big":true},"ResultPath":"$.a","Next":"Which"},
              "Which":{"Type":"Choice","Choices":[{"Variable":"$.a.big","BooleanEquals":true,"Next":"B"}],
                "Default":"C"},
              "B":{"Type":"Pass","Parameters":{"id.$":"States.Format('{}-{}', $.name, $.n)"},"End":true},
              "C":{"Type":"Fail"}}}
            """),
        new("Computing", 8, """
            {"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass",
              "Output":"{% {'sum': $sum([1..1000].($ * $states.input.n))} %}","End":true}}}
            """),
        new("Calling", 8, Calling("python")),
        new("CallingNode", 8, Calling("node")),
        new("Asking", 6, """
            {"StartAt":"Ask","States":{"Ask":{"Type":"Task",
              "Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
              "Parameters":{"FunctionName":"ask","Payload":{
                "token.$":"$$.Task.Token","name.$":"$$.Execution.Name","desk":"DESK"}},"End":true}}}
            """),
        new("Waiting", 6, """
            {"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1,"Next":"B"},"B":{"Type":"Wait","Seconds":2,
              "End":true}}}
            """),
        new("Branching", 4, """
            {"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"Each","States":{"Each":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":2,"End":true,
                "ItemProcessor":{"StartAt":"Rest","States":{"Rest":{"Type":"Wait","Seconds":1,"End":true}}}}}},
              {"StartAt":"Alone","States":{"Alone":{"Type":"Pass","End":true}}}]}}}
            """),
        new("Mapping", 1, """
            {"StartAt":"Each","States":{"Each":{"Type":"Map","ItemsPath":"$.items","End":true,
              "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
                "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}
            """),
        new("Failing", 3, """
            {"StartAt":"Try","States":{"Try":{"Type":"Task","Resource":"<failing>",
              "Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":1,"MaxAttempts":1}],"End":true}}}
            """, "FAILED", "ValueError"),
        new("Late", 3, """
            {"StartAt":"Do","States":{"Do":{"Type":"Task","Resource":"ACTIVITY","TimeoutSeconds":1,"End":true}}}
            """, "FAILED", "States.Timeout"),
        new("Stopped", 3, """
            {"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":3600,"End":true}}}
            """, "ABORTED"),
        new("Crashing", 1, Calling("crashing"), "FAILED", "Runtime.ExitError"),
        new("Hanging", 1, Calling("hanging"), "FAILED", "Sandbox.Timedout"),
        new("Flooding", 1, Calling("flooding")),
    ];

    private static string Calling(string function) =>
        """{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"<NAME>","End":true}}}"""
            .Replace("NAME", function, StringComparison.Ordinal);
}
