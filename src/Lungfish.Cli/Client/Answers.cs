using Lungfish.Json;

namespace Lungfish.Cli.Client;

/// <summary>A state machine as the API describes it; members that only a description has are null in lists.</summary>
internal sealed record Machine(JsonObject Json)
{
    public string Arn => Json.Required("stateMachineArn");

    public string Name => Json.Required("name");

    public string Type => Json.Text("type") ?? "STANDARD";

    public DateTimeOffset CreatedAt => Json.Time("creationDate") ?? default;

    public string Definition => Json.Text("definition") ?? "{}";
}

internal sealed record Execution(JsonObject Json)
{
    public string Arn => Json.Required("executionArn");

    public string MachineArn => Json.Required("stateMachineArn");

    public string MachineName => MachineArn[(MachineArn.LastIndexOf(':') + 1)..];

    public string Name => Json.Required("name");

    public string Status => Json.Required("status");

    public bool IsRunning => Status == "RUNNING";

    public DateTimeOffset StartedAt => Json.Time("startDate") ?? default;

    public DateTimeOffset? StoppedAt => Json.Time("stopDate");

    public string? Input => Json.Text("input");

    public string? Output => Json.Text("output");

    public string? Error => Json.Text("error");

    public string? Cause => Json.Text("cause");
}

internal sealed record StartedExecution(string Arn, JsonObject Json)
{
    public string Name => Arn[(Arn.LastIndexOf(':') + 1)..];
}

/// <summary>A task that waits for an answer by its token, or a callback of a durable execution.</summary>
internal sealed record Callback(JsonObject Json)
{
    public bool IsDurable => Json.Text("callbackId") is not null;

    /// <summary>What the answer is sent to: the task's token, or the callback's id.</summary>
    public string Token => Json.Text("callbackId") ?? Json.Required("taskToken");

    public string ExecutionArn => Json.Required("executionArn");

    public string ExecutionName => DurableArns.NameOf(ExecutionArn);

    /// <summary>The state machine, or the function with its version.</summary>
    public string Owner => IsDurable
        ? DurableArns.FunctionOf(ExecutionArn)
        : Json.Required("stateMachineArn").Split(':')[^1];

    /// <summary>The state or the operation that waits.</summary>
    public string StateName =>
        Json.Text("stateName") ?? Json.Text("operationName") ?? Json.Text("operationId") ?? "";

    public string Kind => Json.Text("kind") ?? "";

    public string Resource => Json.Text("resource") ?? "";

    public DateTimeOffset Since => Json.Time("since") ?? default;

    public DateTimeOffset? Deadline => Json.Time("deadline");
}

/// <summary>A function's configuration, in the members of the Lambda API.</summary>
internal sealed record Function(JsonObject Json)
{
    public string Name => Json.Required("FunctionName");

    public string Arn => Json.Required("FunctionArn");

    public string Runtime => Json.Text("Runtime") ?? "";

    public string Handler => Json.Text("Handler") ?? "";

    public string CodeSha256 => Json.Text("CodeSha256") ?? "";

    public long TimeoutSeconds => Json.Whole("Timeout") ?? 3;

    public long MemoryMegabytes => Json.Whole("MemorySize") ?? 128;

    public string Version => Json.Text("Version") ?? "$LATEST";

    public bool IsDurable => Json["DurableConfig"] is JsonObject;

    /// <summary>Null: it is not durable.</summary>
    public TimeSpan? ExecutionTimeout =>
        (Json["DurableConfig"] as JsonObject)?.Whole("ExecutionTimeout") is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

    public long? RetentionDays => (Json["DurableConfig"] as JsonObject)?.Whole("RetentionPeriodInDays");
}

/// <param name="Failure">Null if the function returned; else Handled or Unhandled.</param>
internal sealed record InvocationAnswer(string Payload, string? Failure, string? Log, int Status);

/// <summary>Something that a text may stand for.</summary>
internal sealed record Match(string Kind, string Id, string Name);
