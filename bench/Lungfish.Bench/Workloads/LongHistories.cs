namespace Lungfish.Bench.Workloads;

/// <summary>State machines that come to many events, then sleep for a month.</summary>
internal static class LongHistories
{
    private const string Sleep = """ "Sleep":{"Type":"Wait","Seconds":2592000,"End":true} """;

    public const string Pass = """ "Type":"Pass" """;

    /// <summary>Each item is one state of an inline Map: four events.</summary>
    public const string Iterations =
        $$$"""
        {"StartAt":"Map","States":{
          "Map":{"Type":"Map","ItemsPath":"$.items","ResultPath":null,"Next":"Sleep",
            "ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true} } } },
          {{{Sleep}}}}}
        """;

    /// <summary>A Task that starts another execution and does not wait for it: each is a commit or two.</summary>
    public static string Start(string machine) =>
        $$"""
        "Type":"Task","Resource":"arn:aws:states:::states:startExecution","ResultPath":null,
        "Parameters":{"StateMachineArn":"{{machine}}"}
        """;

    /// <summary>The same state again and again; its input goes through unchanged.</summary>
    public static string Loop(string state, int times) =>
        $$$"""
        {"StartAt":"Init","States":{
          "Init":{"Type":"Pass","Assign":{"i":0},"Next":"Work"},
          "Work":{{{{state}}},"Assign":{"i.$":"States.MathAdd($i, 1)"},"Next":"More"},
          "More":{"Type":"Choice","Default":"Sleep","Choices":[
            {"Variable":"$i","NumericLessThan":{{{times}}},"Next":"Work"}]},
          {{{Sleep}}}}}
        """;
}
