using System.IO.Compression;

namespace Lungfish.Bench.Workloads;

/// <summary>The state machines that are measured, and the function.</summary>
internal static class Definitions
{
    public static string OneTask(string resource, string name = "Work") =>
        $$"""
        { "StartAt": "{{name}}", "States": { "{{name}}": { "Type": "Task", "Resource": "{{resource}}", "End": true } } }
        """;

    /// <summary>What the durable functions of bench/functions do; each exists in Node and in C#.</summary>
    public static readonly string[] DurableWorkloads = ["w1", "w2", "w3", "w3later", "w5"];

    /// <summary>Those of them that also run several at once in each process.</summary>
    public static readonly string[] ConcurrentWorkloads = ["w1", "w2", "w3", "w3later"];

    /// <summary>The durable function that waits so long as it is told; it also exists in both ways.</summary>
    public const string Sleep = "sleep";

    /// <summary>Ends the names of these.</summary>
    public const string Concurrent = "-concurrent";

    /// <summary>Those of them that an SDK runs alone.</summary>
    public static readonly string[] AloneWorkloads = ["w1", "w2"];

    public const string NoopResource = "arn:aws:states:::bench:noop";

    public static string Callback { get; } =
        """
        {"StartAt":"Ask","States":{"Ask":{
          "Type":"Task","Resource":"arn:aws:states:::bench:handover.waitForTaskToken",
          "Parameters":{"Token.$":"$$.Task.Token"},"End":true}}}
        """;

    public static string PassChain { get; } =
        "{\"StartAt\":\"P1\",\"States\":{" + string.Join(',', Enumerable.Range(1, 100).Select(i =>
            $$"""
            "P{{i}}":{"Type":"Pass",{{(i < 100 ? $"\"Next\":\"P{i + 1}\"" : "\"End\":true")}}}
            """)) + "}}";

    /// <summary>Sleeps until the moment that its input names.</summary>
    public const string SleepUntil =
        """
        {"StartAt":"Sleep","States":{"Sleep":{"Type":"Wait","TimestampPath":"$.until","End":true}}}
        """;

    public const string OnePass =
        """
        {"StartAt":"Pass","States":{"Pass":{"Type":"Pass","End":true}}}
        """;

    /// <summary>A Parallel of 1,000 branches with a task each, which an in-process handler answers at once.</summary>
    public static string ThousandBranches { get; } =
        "{\"StartAt\":\"All\",\"States\":{\"All\":{\"Type\":\"Parallel\",\"End\":true,\"Branches\":["
        + string.Join(',', Enumerable.Range(1, 1_000).Select(i => OneTask(NoopResource, $"Work{i}"))) + "]}}}";

    public static string ThousandPasses { get; } =
        "{\"StartAt\":\"All\",\"States\":{\"All\":{\"Type\":\"Parallel\",\"End\":true,\"Branches\":["
        + string.Join(',', Enumerable.Range(1, 1_000).Select(i =>
            $$"""{"StartAt":"P{{i}}","States":{"P{{i}}":{"Type":"Pass","End":true} } }""")) + "]}}}";

    /// <summary>A Node function that answers its input.</summary>
    public static byte[] EchoFunctionZip()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        using (var file = zip.CreateEntry("index.js").Open())
        {
            file.Write("exports.handler = async (event) => event;\n"u8);
        }

        return bytes.ToArray();
    }
}
