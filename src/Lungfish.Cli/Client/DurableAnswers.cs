using Lungfish.Json;

namespace Lungfish.Cli.Client;

/// <summary>A durable execution in the members of the Lambda API; those that only a description has are null in
/// lists.</summary>
internal sealed record DurableExecution(JsonObject Json)
{
    public string Arn => Json.Required("DurableExecutionArn");

    public string Name => Json.Required("DurableExecutionName");

    /// <summary>With its version.</summary>
    public string FunctionArn => Json.Required("FunctionArn");

    /// <summary>The function's name and the version.</summary>
    public string Function => DurableArns.FunctionOf(FunctionArn);

    public string Status => Json.Required("Status");

    public bool IsRunning => Status == "RUNNING";

    public DateTimeOffset StartedAt => Json.Time("StartTimestamp") ?? default;

    public DateTimeOffset? EndedAt => Json.Time("EndTimestamp");

    public string? Input => Json.Text("InputPayload");

    public string? Result => Json.Text("Result");

    public DurableError? Error => Json["Error"] is JsonObject error ? new DurableError(error) : null;

    /// <summary>Of the execution that started it.</summary>
    public string? ParentArn => Json.Text("ParentArn");
}

/// <summary>An ErrorObject.</summary>
internal sealed record DurableError(JsonObject Json)
{
    public string? Type => Json.Text("ErrorType");

    public string? Message => Json.Text("ErrorMessage");

    public IEnumerable<string> StackTrace =>
        (Json["StackTrace"] as JsonArray ?? JsonArray.Empty).OfType<JsonString>().Select(line => line.Value);
}

/// <summary>One operation as it is now.</summary>
internal sealed record DurableOperation(JsonObject Json)
{
    private JsonObject Wire => Json["Operation"] as JsonObject ?? JsonObject.Empty;

    public string Id => Wire.Required("Id");

    public string? ParentId => Wire.Text("ParentId");

    public string Type => Wire.Required("Type");

    public string? SubType => Wire.Text("SubType");

    public string Name => Wire.Text("Name") ?? "";

    public string Status => Wire.Required("Status");

    public DateTimeOffset StartedAt => Wire.Time("StartTimestamp") ?? default;

    public DateTimeOffset? EndedAt => Wire.Time("EndTimestamp");

    /// <summary>How many attempts of a step have finished.</summary>
    public long Attempt => Details.Whole("Attempt") ?? 0;

    public DateTimeOffset? NextAttemptAt => Details.Time("NextAttemptTimestamp");

    public DateTimeOffset? ScheduledEndAt => Details.Time("ScheduledEndTimestamp");

    public DateTimeOffset? TimeoutAt => (Json["Timers"] as JsonObject)?.Time("TimeoutTimestamp");

    public string? Result => Details.Text("Result");

    public DurableError? Error => Details["Error"] is JsonObject error ? new DurableError(error) : null;

    /// <summary>Of a chained invoke of a durable function.</summary>
    public string? ChildArn => (Json["Target"] as JsonObject)?.Text("DurableExecutionArn");

    /// <summary>Of a chained invoke.</summary>
    public string? FunctionName => (Json["Target"] as JsonObject)?.Text("FunctionName");

    /// <summary>The member that ends in Details.</summary>
    private JsonObject Details
    {
        get
        {
            foreach (var (name, value) in Wire)
            {
                if (name.EndsWith("Details", StringComparison.Ordinal) && value is JsonObject details)
                {
                    return details;
                }
            }

            return JsonObject.Empty;
        }
    }
}

/// <summary>One event of the history of a durable execution.</summary>
internal sealed record DurableEvent(JsonObject Json)
{
    public long Id => Json.Whole("EventId") ?? 0;

    public string Type => Json.Required("EventType");

    public bool IsInvocationEnd => Type == "InvocationCompleted";

    public DateTimeOffset At => Json.Time("EventTimestamp") ?? default;

    public string? OperationId => Json.Text("Id");

    public string? ParentId => Json.Text("ParentId");

    public string? Name => Json.Text("Name");

    public string? SubType => Json.Text("SubType");

    public JsonObject Details => Json[$"{Type}Details"] as JsonObject ?? JsonObject.Empty;

    public DurableError? Error =>
        (Details["Error"] as JsonObject)?["Payload"] is JsonObject error ? new DurableError(error) : null;

    public JsonObject RetryDetails => Details["RetryDetails"] as JsonObject ?? JsonObject.Empty;
}

/// <summary>ARNs of durable executions: <c>FUNCTION:VERSION/durable-execution/NAME/ID</c>.</summary>
internal static class DurableArns
{
    private const string Marker = "/durable-execution/";

    public static bool IsDurable(string arn) => arn.Contains(Marker, StringComparison.Ordinal);

    /// <summary>The name of an execution, of a state machine or durable.</summary>
    public static string NameOf(string executionArn)
    {
        var at = executionArn.IndexOf(Marker, StringComparison.Ordinal);
        return at < 0
            ? executionArn[(executionArn.LastIndexOf(':') + 1)..]
            : executionArn[(at + Marker.Length)..].Split('/')[0];
    }

    /// <summary><c>NAME:VERSION</c>.</summary>
    public static string FunctionOf(string arn)
    {
        const string Function = ":function:";
        var qualified = arn.Split(Marker)[0];
        var at = qualified.IndexOf(Function, StringComparison.Ordinal);
        return at < 0 ? qualified : qualified[(at + Function.Length)..];
    }
}
