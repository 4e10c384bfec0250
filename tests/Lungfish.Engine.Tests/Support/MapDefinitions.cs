namespace Lungfish.Engine.Tests.Support;

/// <summary>State machines with a distributed Map.</summary>
internal static class MapDefinitions
{
    /// <summary>Each item is the input of a task; <paramref name="more"/> are more fields of the Map state.</summary>
    public static string OfTasks(string more = "\"MaxConcurrency\":0", string type = "STANDARD") =>
        $$$"""
        { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "Label": "each", {{{more}}}, "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "{{{type}}}" },
            "StartAt": "T", "States": { "T": { "Type": "Task", "End": true,
                "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f" } } } } } }
        """;

    /// <summary>Each item waits for ten seconds.</summary>
    public const string OfWaits = """
        { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "Label": "each", "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 10, "End": true } } } } } }
        """;

    /// <summary>A Map for each label; the results of one are the items of the next.</summary>
    public static string OneAfterTheOther(params string[] labels)
    {
        var states = labels.Select((label, i) => OneOf(label, labels.ElementAtOrDefault(i + 1)));
        return $$"""{ "StartAt": "{{labels[0]}}", "States": { {{string.Join(',', states)}} } }""";
    }

    public static string Items(int count) => $"[{string.Join(',', Enumerable.Range(0, count))}]";

    private static string OneOf(string label, string? next) =>
        $$$"""
        "{{{label}}}": { "Type": "Map", "Label": "{{{label}}}",
            {{{(next is null ? "\"End\": true" : $"\"Next\": \"{next}\"")}}}, "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "T{{{label}}}", "States": { "T{{{label}}}": { "Type": "Task", "End": true,
                "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f" } } } }
        """;
}
