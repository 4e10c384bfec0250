namespace Lungfish.DurableFunctions;

/// <summary>The updates that more than one kind of operation sends.</summary>
internal static class OperationUpdates
{
    public static OperationUpdate Succeed(this OperationKey key, string? payload, bool? replayChildren = null) => new()
    {
        Id = key.Id,
        Type = key.Type,
        Action = OperationActions.Succeed,
        SubType = key.SubType,
        Name = key.Name,
        ParentId = key.ParentId,
        Payload = payload,
        ReplayChildren = replayChildren,
    };

    public static OperationUpdate Fail(this OperationKey key, ErrorObject error) => new()
    {
        Id = key.Id,
        Type = key.Type,
        Action = OperationActions.Fail,
        SubType = key.SubType,
        Name = key.Name,
        ParentId = key.ParentId,
        Error = error,
    };

    public static OperationUpdate Retry(this OperationKey key, ErrorObject? error, string? payload, int delaySeconds) =>
        new()
        {
            Id = key.Id,
            Type = key.Type,
            Action = OperationActions.Retry,
            SubType = key.SubType,
            Name = key.Name,
            ParentId = key.ParentId,
            Error = error,
            Payload = payload,
            NextAttemptDelaySeconds = delaySeconds,
        };
}
