namespace Lungfish.DurableFunctions;

/// <summary>Operations as plugins see them.</summary>
internal static class OperationInfos
{
    public static Dictionary<string, OperationInfo> ById(Invocation invocation, IEnumerable<Operation> operations) =>
        operations.ToDictionary(
            operation => operation.Id,
            operation => Of<OperationInfo>(operation, invocation.WasReached(operation.Id)),
            StringComparer.Ordinal);

    public static TInfo Of<TInfo>(Operation operation, bool isReplay)
        where TInfo : OperationInfo
    {
        OperationInfo info = typeof(TInfo) == typeof(OperationEndInfo)
            ? new OperationEndInfo { Id = operation.Id, Type = operation.Type, Status = operation.Status }
            : typeof(TInfo) == typeof(OperationStartInfo)
                ? new OperationStartInfo { Id = operation.Id, Type = operation.Type, Status = operation.Status }
                : new OperationInfo { Id = operation.Id, Type = operation.Type, Status = operation.Status };
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
