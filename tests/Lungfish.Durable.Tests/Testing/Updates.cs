namespace Lungfish.Durable.Tests.Testing;

/// <summary>Updates as SDKs send them.</summary>
internal static class Updates
{
    public static readonly ErrorObject Boom = new() { ErrorType = "Boom", ErrorMessage = "It broke." };

    public static OperationUpdate Step(string id, string? parent = null, string? name = null) =>
        New(id, OperationType.Step, OperationAction.Start, "Step") with { ParentId = parent, Name = name };

    public static OperationUpdate StepDone(string id, string? payload = "1", string? parent = null) =>
        New(id, OperationType.Step, OperationAction.Succeed, "Step") with { Payload = payload, ParentId = parent };

    public static OperationUpdate StepFailed(string id, ErrorObject? error = null, string? parent = null) =>
        New(id, OperationType.Step, OperationAction.Fail, "Step") with { Error = error ?? Boom, ParentId = parent };

    public static OperationUpdate StepRetry(string id, int seconds = 1) =>
        New(id, OperationType.Step, OperationAction.Retry, "Step") with
        {
            Error = Boom,
            NextAttemptDelaySeconds = seconds,
        };

    public static OperationUpdate Poll(string id, string? payload = "1", int seconds = 2) =>
        New(id, OperationType.Step, OperationAction.Retry, "WaitForCondition") with
        {
            Payload = payload,
            NextAttemptDelaySeconds = seconds,
        };

    public static OperationUpdate Context(string id, string? parent = null, string subType = "RunInChildContext") =>
        New(id, OperationType.Context, OperationAction.Start, subType) with { ParentId = parent };

    public static OperationUpdate ContextDone(string id, string? payload = "1", bool replay = false) =>
        New(id, OperationType.Context, OperationAction.Succeed, null) with
        {
            Payload = payload,
            ReplayChildren = replay,
        };

    public static OperationUpdate ContextFailed(string id) =>
        New(id, OperationType.Context, OperationAction.Fail, null) with { Error = Boom };

    public static OperationUpdate Wait(string id, int seconds = 10, string? parent = null) =>
        New(id, OperationType.Wait, OperationAction.Start, "Wait") with { WaitSeconds = seconds, ParentId = parent };

    public static OperationUpdate Cancel(string id) => New(id, OperationType.Wait, OperationAction.Cancel, null);

    public static OperationUpdate Callback(
        string id, int? timeout = null, int? heartbeat = null, string? parent = null) =>
        New(id, OperationType.Callback, OperationAction.Start, "Callback") with
        {
            TimeoutSeconds = timeout,
            HeartbeatTimeoutSeconds = heartbeat,
            ParentId = parent,
        };

    public static OperationUpdate Invoke(string id, string function = "durable", string? payload = "{}") =>
        New(id, OperationType.ChainedInvoke, OperationAction.Start, "ChainedInvoke") with
        {
            FunctionName = function,
            Payload = payload,
        };

    public static OperationUpdate Succeed(string? payload = "42") =>
        New("execution-result-1", OperationType.Execution, OperationAction.Succeed, null) with { Payload = payload };

    public static OperationUpdate Fail() =>
        New("execution-result-1", OperationType.Execution, OperationAction.Fail, null) with { Error = Boom };

    public static OperationUpdate New(string id, OperationType type, OperationAction action, string? subType) => new()
    {
        Id = id,
        Type = type,
        Action = action,
        SubType = subType,
    };
}
