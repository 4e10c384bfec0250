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

    public static string Items(int count) => $"[{string.Join(',', Enumerable.Range(0, count))}]";
}
