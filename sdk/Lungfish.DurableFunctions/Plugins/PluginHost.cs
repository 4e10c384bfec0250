using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions;

/// <summary>An operation before and after the service reported it.</summary>
internal readonly record struct OperationChange(Operation? Before, Operation Now);

/// <summary>
/// Tells the plugins. What one of them throws is a line of the log: neither the work nor the others notice.
/// </summary>
internal sealed partial class PluginHost(IList<DurableInstrumentationPlugin> plugins, Invocation invocation)
{
    // A callback is met twice, when it is made and when it is awaited.
    private readonly HashSet<string> _replayed = new(StringComparer.Ordinal);

    public bool Any => plugins.Count > 0;

    public void InvocationStarted(InvocationStartInfo info) =>
        Tell(static (plugin, info) => plugin.OnInvocationStart(info), info);

    public void InvocationEnded(InvocationEndInfo info) =>
        Tell(static (plugin, info) => plugin.OnInvocationEnd(info), info);

    /// <summary>What the service completed while no invocation ran has ended for this one.</summary>
    public void OperationsEnded(IEnumerable<Operation> operations)
    {
        foreach (var operation in operations)
        {
            Tell(
                static (plugin, info) => plugin.OnOperationEnd(info),
                OperationInfos.Of<OperationEndInfo>(invocation, operation, isReplay: false));
        }
    }

    public void OperationStarted(OperationKey key, Operation? known)
    {
        if (Any)
        {
            Tell(
                static (plugin, info) => plugin.OnOperationStart(info),
                new OperationStartInfo
                {
                    ExecutionArn = invocation.ExecutionArn,
                    Id = key.Id,
                    Type = key.Type,
                    SubType = key.SubType,
                    Name = key.Name,
                    ParentId = key.ParentId,
                    Status = OperationStatuses.Started,
                    StartTimestamp = known?.StartTimestamp,
                    IsReplay = known is not null,
                });
        }
    }

    /// <summary>An operation that an earlier invocation began is met; told if it has not ended.</summary>
    public void OperationReplayed(Operation known)
    {
        if (!Any || known.IsTerminal || !invocation.WasReached(known.Id))
        {
            return;
        }

        lock (_replayed)
        {
            if (!_replayed.Add(known.Id))
            {
                return;
            }
        }

        Tell(
            static (plugin, info) => plugin.OnOperationStart(info),
            OperationInfos.Of<OperationStartInfo>(invocation, known, isReplay: true));
    }

    public void OperationsChanged(IReadOnlyList<OperationChange> changes)
    {
        var changed = changes.Where(change => change.Before?.Status != change.Now.Status).Select(change => change.Now);
        var updated = changed.ToList();
        OperationsEnded(updated.Where(operation => operation.IsTerminal));
        if (updated.Count == 0)
        {
            return;
        }

        Tell(
            static (plugin, info) => plugin.OnOperationChange(info),
            new OperationChangeInfo
            {
                ExecutionArn = invocation.ExecutionArn,
                UpdatedOperations = OperationInfos.ById(invocation, updated),
                Operations = OperationInfos.ById(invocation, All()),
            });
    }

    /// <summary>A context that leaves no checkpoint of its end has ended.</summary>
    public void ContextEnded(OperationKey key, ErrorObject? error, bool isReplay)
    {
        if (Any)
        {
            Tell(
                static (plugin, info) => plugin.OnOperationEnd(info),
                new OperationEndInfo
                {
                    ExecutionArn = invocation.ExecutionArn,
                    Id = key.Id,
                    Type = key.Type,
                    SubType = key.SubType,
                    Name = key.Name,
                    ParentId = key.ParentId,
                    Status = error is null ? OperationStatuses.Succeeded : OperationStatuses.Failed,
                    EndTimestamp = invocation.Options.TimeProvider.GetUtcNow(),
                    Error = error,
                    IsReplay = isReplay,
                });
        }
    }

    public UserFunctionStartInfo? FunctionStarted(
        OperationKey key, int? attempt, bool isReplay, bool isReplayingChildren)
    {
        if (!Any)
        {
            return null;
        }

        var info = new UserFunctionStartInfo
        {
            ExecutionArn = invocation.ExecutionArn,
            Id = key.Id,
            Type = key.Type,
            SubType = key.SubType,
            Name = key.Name,
            ParentId = key.ParentId,
            Status = OperationStatuses.Started,
            StartTimestamp = invocation.Options.TimeProvider.GetUtcNow(),
            Attempt = attempt,
            IsReplay = isReplay,
            IsReplayingChildren = isReplayingChildren,
        };
        Tell(static (plugin, info) => plugin.OnUserFunctionStart(info), info);
        return info;
    }

    public void FunctionEnded(UserFunctionStartInfo? started, Exception? failure)
    {
        if (started is null)
        {
            return;
        }

        var info = new UserFunctionEndInfo
        {
            ExecutionArn = started.ExecutionArn,
            Id = started.Id,
            Type = started.Type,
            SubType = started.SubType,
            Name = started.Name,
            ParentId = started.ParentId,
            Status = started.Status,
            StartTimestamp = started.StartTimestamp,
            EndTimestamp = invocation.Options.TimeProvider.GetUtcNow(),
            Attempt = started.Attempt,
            IsReplay = started.IsReplay,
            IsReplayingChildren = started.IsReplayingChildren,
            Outcome = failure is null ? UserFunctionOutcome.Succeeded : UserFunctionOutcome.Failed,
            Error = failure is null ? null : ErrorObject.FromException(failure),
        };
        Tell(static (plugin, info) => plugin.OnUserFunctionEnd(info), info);
    }

    private List<Operation> All()
    {
        lock (invocation.Gate)
        {
            return [.. invocation.Operations.All];
        }
    }

    private void Tell<TInfo>(Action<DurableInstrumentationPlugin, TInfo> hook, TInfo info)
    {
        foreach (var plugin in plugins)
        {
            try
            {
                hook(plugin, info);
            }
            catch (Exception e)
            {
                // A border: a plugin may be anybody's code.
                LogPluginFault(invocation.Log, plugin.GetType().FullName, invocation.ExecutionArn, e);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Plugin {Plugin} threw in {ExecutionArn}; the work goes on.")]
    private static partial void LogPluginFault(
        ILogger logger, string? plugin, string executionArn, Exception exception);
}
