using System.Diagnostics;

namespace Lungfish.DurableFunctions.OpenTelemetry;

/// <summary>The names that durable executions have in traces, and what goes under them.</summary>
internal static class SpanAttributes
{
    public const string ExecutionArn = "durable.execution.arn";
    public const string ExecutionStatus = "durable.execution.status";
    public const string FirstInvocation = "durable.invocation.first";
    public const string InvocationStatus = "durable.invocation.status";
    public const string InvocationId = "faas.invocation_id";
    public const string AttemptNumber = "durable.attempt.number";
    public const string AttemptOutcome = "durable.attempt.outcome";

    public static KeyValuePair<string, object?>[] Of(OperationInfo info) =>
    [
        new(ExecutionArn, info.ExecutionArn),
        new("durable.operation.id", info.Id),
        new("durable.operation.type", info.Type),
        new("durable.operation.subtype", info.SubType),
        new("durable.operation.name", info.Name),
    ];

    /// <summary>What stands for an operation that its author gave no name.</summary>
    public static string NameOf(OperationInfo info) => info.Name ?? info.SubType ?? info.Type;

    public static void Fail(Activity activity, ErrorObject? error)
    {
        activity.SetStatus(ActivityStatusCode.Error, error?.ErrorMessage);
        activity.SetTag("error.type", error?.ErrorType ?? "_OTHER");
    }
}
