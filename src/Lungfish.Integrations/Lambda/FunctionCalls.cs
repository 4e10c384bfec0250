using System.Collections.Concurrent;
using System.Text;
using Lungfish.Durable;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Tasks;
using Lungfish.Functions;

namespace Lungfish.Integrations.Lambda;

/// <summary>Calls functions for tasks. What a call of a durable function has started is found again by the name that
/// follows from the task, and ends with the task if nobody waits for it any more.</summary>
internal sealed class FunctionCalls(FunctionService functions)
{
    private readonly TaskCompletionSource<IDurableExecutions> _executions =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);

    public AwsAccount Account => functions.Account;

    public void Connect(IDurableExecutions executions) => _executions.SetResult(executions);

    public async Task<InvokeResult> InvokeAsync(
        TaskAssignment assignment,
        FunctionReference function,
        ReadOnlyMemory<byte> payload,
        InvokeOptions options,
        CancellationToken cancellationToken)
    {
        options = options with
        {
            RequestId = RequestIds.Of(assignment),
            ParentArn = assignment.Execution.ExecutionArn,
        };
        if (functions.Find(function)?.Configuration.Durable is null || function.Qualifier is null)
        {
            return await functions.InvokeAsync(function, payload, options, cancellationToken);
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[assignment.IdempotencyKey] = done.Task;
        try
        {
            return await InvokeDurableAsync(function, payload, options, cancellationToken);
        }
        finally
        {
            _ = _running.TryRemove(assignment.IdempotencyKey, out _);
            done.SetResult();
        }
    }

    /// <summary>Ends what a synchronous call of a durable function has started.</summary>
    public async Task StopAsync(TaskAssignment assignment, FunctionReference function)
    {
        if (_running.TryGetValue(assignment.IdempotencyKey, out var running))
        {
            await running; // It has been told; once it is gone, what it has started is there to be found.
        }

        if (await FindAsync(function, RequestIds.Of(assignment), CancellationToken.None) is not
            { Status: DurableStatus.Running } child)
        {
            return;
        }

        var executions = await _executions.Task;
        _ = await executions.StopAsync(
            child.ExecutionArn,
            new ErrorObject
            {
                // As measured for executions of state machines that a task has started.
                ErrorMessage =
                    $"The Task state in AWS Step Functions execution [{assignment.Execution.ExecutionArn}] which was "
                    + "managing this resource was aborted",
            },
            CancellationToken.None);
    }

    private async Task<InvokeResult> InvokeDurableAsync(
        FunctionReference function,
        ReadOnlyMemory<byte> payload,
        InvokeOptions options,
        CancellationToken cancellationToken)
    {
        // A version always leads to the same execution; an alias may have moved since the task was handed out before.
        if (IsAlias(function) && await FindAsync(function, options.RequestId, cancellationToken) is { } earlier)
        {
            return await AttachAsync(earlier, options, cancellationToken);
        }

        try
        {
            return await functions.InvokeAsync(function, payload, options, cancellationToken);
        }
        catch (ApiException e) when (e.Code == "DurableExecutionAlreadyStartedException")
        {
            // Nobody else makes this name: an earlier hand-out started it, with another task token in its payload.
            if (await FindAsync(function, options.RequestId, cancellationToken) is not { } same)
            {
                throw;
            }

            return await AttachAsync(same, options, cancellationToken);
        }
    }

    /// <summary>The same call again: same version, name and payload find the execution.</summary>
    private async Task<InvokeResult> AttachAsync(
        DurableSummary execution, InvokeOptions options, CancellationToken cancellationToken)
    {
        var executions = await _executions.Task.WaitAsync(cancellationToken);
        var found = await executions.DescribeAsync(execution.ExecutionArn, cancellationToken);
        return await functions.InvokeAsync(
            FunctionReference.Parse(execution.FunctionArn, qualifier: null, Account),
            Encoding.UTF8.GetBytes(found.Input ?? ""),
            options,
            cancellationToken);
    }

    private async Task<DurableSummary?> FindAsync(
        FunctionReference function, string? name, CancellationToken cancellationToken)
    {
        var executions = await _executions.Task.WaitAsync(cancellationToken);
        var found = await executions.ListAsync(
            new DurableQuery { FunctionArn = Account.FunctionArn(function.Name), Name = name, CountMax = 1 },
            cancellationToken);
        return found.Items.FirstOrDefault();
    }

    private static bool IsAlias(FunctionReference function) =>
        function.Qualifier is { } qualifier
        && qualifier != FunctionReference.Latest && !qualifier.All(char.IsAsciiDigit);
}
