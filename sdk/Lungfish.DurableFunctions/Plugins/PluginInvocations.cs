namespace Lungfish.DurableFunctions;

/// <summary>Invocations as plugins see them.</summary>
internal static class PluginInvocations
{
    public static InvocationStartInfo? Start(Invocation invocation)
    {
        if (!invocation.Plugins.Any)
        {
            return null;
        }

        var updated = invocation.Operations.Updated;
        var operations = invocation.Operations.All.ToList();
        var ended = operations.Where(operation => updated.Contains(operation.Id)).ToList();
        var info = new InvocationStartInfo
        {
            RequestId = invocation.LambdaContext.AwsRequestId,
            ExecutionArn = invocation.ExecutionArn,
            IsFirstInvocation = operations.Count == 0,
            ExecutionStartTimestamp = invocation.Operations.Execution?.StartTimestamp,
            Operations = OperationInfos.ById(invocation, operations),
            UpdatedOperations = OperationInfos.ById(invocation, ended),
        };
        invocation.Plugins.InvocationStarted(info);
        invocation.Plugins.OperationsEnded(ended.Where(operation => operation.IsTerminal));
        return info;
    }

    public static void End(
        Invocation invocation, InvocationStartInfo? start, InvocationStatus? status, ErrorObject? error)
    {
        if (start is not null)
        {
            invocation.Plugins.InvocationEnded(new InvocationEndInfo
            {
                RequestId = start.RequestId,
                ExecutionArn = start.ExecutionArn,
                IsFirstInvocation = start.IsFirstInvocation,
                ExecutionStartTimestamp = start.ExecutionStartTimestamp,
                Operations = OperationInfos.ById(invocation, invocation.Operations.All.ToList()),
                Status = status,
                ExecutionError = error,
            });
        }
    }
}
