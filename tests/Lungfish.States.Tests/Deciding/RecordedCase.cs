using System.Text.RegularExpressions;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;
using Lungfish.States.Parsing;
using Lungfish.Tests;

namespace Lungfish.States.Tests.Deciding;

/// <summary>An execution that was recorded from AWS, with its templates filled in.</summary>
internal sealed partial record RecordedCase(
    string Id, string Definition, string Input, JsonObject Expected, string Match)
{
    /// <summary>Standard executions with a history; none on a machine that does not have the recordings.</summary>
    public static IEnumerable<RecordedCase> All()
    {
        if (RepositoryPaths.Conformance is not { } folder)
        {
            yield break;
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "asl", "dev"), "*.json").Order())
        {
            foreach (var entry in ((JsonArray)JsonValue.Parse(File.ReadAllBytes(file))).Cast<JsonObject>())
            {
                if (Text(entry["kind"]) == "execution" && Text(entry["mode"]) == "async"
                    && Text(entry["machineType"]) == "STANDARD")
                {
                    yield return Read(entry);
                }
            }
        }
    }

    /// <summary>The definition, or null if it needs more of the language than there is yet.</summary>
    public StateMachineDefinition? Parse() =>
        DefinitionParser.Parse(
            Definition, new DefinitionOptions { CanRun = _ => true, CanReadItems = _ => false }).Definition;

    /// <summary>What the tasks answered in the recording, in the order in which they were scheduled.</summary>
    public Func<PendingTask, IEnumerable<Answer>> Answers()
    {
        var scripts = new Queue<IReadOnlyList<JsonObject>>(History
            .Where(e => Type(e) is "TaskScheduled" or "LambdaFunctionScheduled" or "ActivityScheduled")
            .Select(Followers));
        return task => scripts.TryDequeue(out var script) ? script.SelectMany(e => ToAnswers(task, e)) : [];
    }

    public IEnumerable<JsonObject> History => Expected["history"] is JsonArray events ? events.Cast<JsonObject>() : [];

    public static string? Text(JsonValue? value) => (value as JsonString)?.Value;

    private static RecordedCase Read(JsonObject entry) => new(
        Text(entry["id"]) ?? "",
        Fill(Text(entry["definition"]) ?? entry["definition"]?.ToText() ?? ""),
        Fill(Text(entry["input"]) ?? entry["input"]?.ToText() ?? "{}"),
        (JsonObject)(entry["expected"] ?? JsonObject.Empty),
        Text(entry["historyMatch"]) ?? "exact");

    private static string Fill(string template) =>
        Template().Replace(template, match => ValueOf(match.Groups["name"].Value));

    private static string ValueOf(string name) => name switch
    {
        ['l', 'a', 'm', 'b', 'd', 'a', ':', .. var f] => $"arn:aws:lambda:us-east-1:000000000000:function:{f}",
        ['l', 'a', 'm', 'b', 'd', 'a', 'N', 'a', 'm', 'e', ':', .. var f] => f,
        ['n', 'o', 'w', '+', .. var days, 'd'] =>
            World.Noon.AddDays(double.Parse(days)).ToString("yyyy-MM-dd'T'HH:mm:ss"),
        "roleArn" => World.Identity.RoleArn,
        "account" => "000000000000",
        "region" => "us-east-1",
        var activity when activity.EndsWith("activityArn", StringComparison.Ordinal) => Machines.ActivityArn,
        var topic when topic.EndsWith("TopicArn", StringComparison.Ordinal) =>
            "arn:aws:sns:us-east-1:000000000000:topic",
        var machine when machine.EndsWith("stateMachineArn", StringComparison.Ordinal) =>
            "arn:aws:states:us-east-1:000000000000:stateMachine:other",
        var other => other.Replace('.', '-').Replace(':', '-'),
    };

    private IReadOnlyList<JsonObject> Followers(JsonObject scheduled)
    {
        List<JsonObject> chain = [scheduled];
        foreach (var e in History)
        {
            var follows = Equals(e["previousEventId"], chain[^1]["id"]);
            if (follows && !Type(e).StartsWith("TaskState", StringComparison.Ordinal))
            {
                chain.Add(e);
            }
        }

        return chain;
    }

    private static IEnumerable<Answer> ToAnswers(PendingTask task, JsonObject recorded)
    {
        // Values that the world around this execution has, too.
        var e = (JsonObject)JsonValue.Parse(recorded.ToText()
            .Replace("<partition>", "aws")
            .Replace("<account>", "000000000000")
            .Replace("<region>", "us-east-1")
            .Replace("<lambda_function_name>", "fn1"));
        var details = e.Select(m => m.Value).OfType<JsonObject>().FirstOrDefault();
        var error = Text(details?["error"]);
        return Type(e) switch
        {
            "ActivityStarted" => [new Answer(new TaskTaken(task.Id, Text(details?["workerName"])))],
            "TaskSubmitted" => [new Answer(new TaskSubmitted(task.Id, Parsed(details?["output"])))],
            "TaskSucceeded" or "LambdaFunctionSucceeded" or "ActivitySucceeded" =>
                [new Answer(new TaskSucceeded(task.Id, Parsed(details?["output"])))],

            // Recorded: a failure that the service makes out of a result that is too large.
            "TaskFailed" or "LambdaFunctionFailed" when error == "States.DataLimitExceeded" =>
                [new Answer(new TaskSucceeded(task.Id, new string('x', 300_000)))],
            "TaskFailed" or "LambdaFunctionFailed" or "ActivityFailed" =>
                [new Answer(new TaskFailed(task.Id, error, Text(details?["cause"]) ?? details?["cause"]?.ToText()))],
            _ => [],
        };
    }

    /// <summary>The recordings hold objects in place of their texts, and other values as text.</summary>
    private static JsonValue Parsed(JsonValue? output)
    {
        if (Text(output) is not { } text)
        {
            return output ?? JsonValue.Null;
        }

        try
        {
            return JsonValue.Parse(text);
        }
        catch (JsonParseException)
        {
            return text; // A placeholder.
        }
    }

    private static string Type(JsonObject e) => Text(e["type"]) ?? "";

    [GeneratedRegex(@"\{\{(?<name>[^}]*)\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Template();
}
