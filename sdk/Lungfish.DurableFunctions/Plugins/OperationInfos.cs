namespace Lungfish.DurableFunctions;

/// <summary>Operations as plugins see them.</summary>
internal static class OperationInfos
{
    public static Dictionary<string, OperationInfo> ById(Invocation invocation, IEnumerable<Operation> operations) =>
        operations.ToDictionary(
            operation => operation.Id,
            operation => Of<OperationInfo>(invocation, operation, invocation.WasReached(operation.Id)),
            StringComparer.Ordinal);

    public static TInfo Of<TInfo>(Invocation invocation, Operation operation, bool isReplay)
        where TInfo : OperationInfo
    {
        var (arn, id, type, status) = (invocation.ExecutionArn, operation.Id, operation.Type, operation.Status);
        OperationInfo info = typeof(TInfo) == typeof(OperationEndInfo)
            ? new OperationEndInfo { ExecutionArn = arn, Id = id, Type = type, Status = status }
            : typeof(TInfo) == typeof(OperationStartInfo)
                ? new OperationStartInfo { ExecutionArn = arn, Id = id, Type = type, Status = status }
                : new OperationInfo { ExecutionArn = arn, Id = id, Type = type, Status = status };
        return (TInfo)(info with
        {
            SubType = operation.SubType,
            Name = operation.Name,
            ParentId = operation.ParentId,
            StartTimestamp = operation.StartTimestamp,
            EndTimestamp = operation.EndTimestamp,
            Attempt = operation.StepDetails?.Attempt,
            Result = operation.Result,
            Error = operation.Status is OperationStatuses.Succeeded ? null : operation.Error,
            IsReplay = isReplay,
        });
    }
}
