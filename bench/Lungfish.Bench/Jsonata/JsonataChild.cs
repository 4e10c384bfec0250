using System.Diagnostics;
using Lungfish.Json;
using Lungfish.Jsonata;

namespace Lungfish.Bench.Jsonata;

/// <summary>Measures our JSONata in a process of its own. It speaks as bench/js/jsonata.mjs does, and tells the bytes
/// that an evaluation allocates as well.</summary>
internal static class JsonataChild
{
    public static int Run()
    {
        var warm = new HashSet<string>(StringComparer.Ordinal);
        var inputs = new Dictionary<string, JsonValue>();
        while (Console.ReadLine() is { } line)
        {
            var request = (JsonObject)JsonValue.Parse(line);
            var file = Text(request, "inputFile");
            if (!inputs.TryGetValue(file, out var input))
            {
                inputs.Add(file, input = JsonValue.Parse(File.ReadAllText(file)));
            }

            var expression = JsonataExpression.Compile(Text(request, "expression"));
            var seconds = request["seconds"] is JsonNumber number ? number.Value : 1;
            if (warm.Add(expression.Text))
            {
                Measure(expression, input, seconds: 0.7); // Until the compiler has done its work.
            }

            var (perSecond, bytes) = Measure(expression, input, seconds);
            Console.WriteLine(JsonObject.Of(
                ("perSecond", perSecond),
                ("bytes", bytes),
                ("result", expression.Evaluate(input, JsonataEnvironment.Empty) ?? JsonValue.Null)).ToText());
        }

        return 0;
    }

    private static (double PerSecond, double Bytes) Measure(
        JsonataExpression expression, JsonValue input, double seconds)
    {
        var count = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var usedBefore = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed.TotalSeconds < seconds; count++)
        {
            expression.Evaluate(input, JsonataEnvironment.Empty);
        }

        var used = Environment.CpuUsage.TotalTime - usedBefore;
        return (count / used.TotalSeconds, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count);
    }

    private static string Text(JsonObject request, string member) =>
        (request[member] as JsonString)?.Value ?? throw new InvalidDataException($"The request has no {member}.");
}
