using System.Text;

namespace Lungfish.DurableFunctions;

/// <summary>One invocation, from the envelope to the answer.</summary>
internal static class InvocationRun
{
    // Documented for the field's SDKs: Lambda answers carry 6 MB, and the brackets around the result need room.
    private const int ResultBytesMax = (6 * 1024 * 1024) - 50;

    public static async Task<DurableExecutionInvocationOutput> RunAsync<TInput, TOutput>(
        Func<TInput, IDurableContext, Task<TOutput>> workflow,
        DurableExecutionInvocationInput input,
        ILambdaContext? lambdaContext,
        DurableFunctionOptions options,
        CancellationToken cancellationToken)
    {
        using var invocation = new Invocation(input, lambdaContext ?? new LambdaContext(), options);
        try
        {
            await LoadAsync(invocation, input, cancellationToken).ConfigureAwait(false);
        }
        catch (DurableServiceException e) when (e.IsPermanent)
        {
            return FailedWith(e);
        }

        var info = PluginInvocations.Start(invocation);
        using var giveUp = cancellationToken.UnsafeRegister(
            static (state, token) => ((Invocation?)state)?.End(
                new InvocationOutcome(InvocationEnd.Broken, Exception: new OperationCanceledException(token))),
            invocation);
        invocation.Enter();
        invocation.Checkpoints.Run(() => RunWorkflowAsync(invocation, workflow));
        var outcome = await invocation.Ended.ConfigureAwait(false);
        try
        {
            var output = await AnswerAsync(invocation, outcome).ConfigureAwait(false);
            PluginInvocations.End(invocation, info, output.Status, output.Error);
            return output;
        }
        catch (Exception e)
        {
            PluginInvocations.End(invocation, info, status: null, ErrorObject.FromException(e));
            throw;
        }
    }

    private static async Task LoadAsync(
        Invocation invocation, DurableExecutionInvocationInput input, CancellationToken cancellationToken)
    {
        var operations = invocation.Operations;
        operations.Load(input.InitialExecutionState.Operations);
        operations.MarkUpdated(input.UpdatedOperationIds);
        var client = invocation.Checkpoints.Client;
        var marker = input.InitialExecutionState.NextMarker;
        while (!string.IsNullOrEmpty(marker))
        {
            var page = await client.GetStateAsync(
                input.DurableExecutionArn, input.CheckpointToken, marker, cancellationToken).ConfigureAwait(false);
            operations.Load(page.Operations);
            marker = page.NextMarker;
        }
    }

    private static async Task RunWorkflowAsync<TInput, TOutput>(
        Invocation invocation, Func<TInput, IDurableContext, Task<TOutput>> workflow)
    {
        try
        {
            var execution = invocation.Operations.Execution;
            var id = execution?.Id ?? "";

            // No input at all is read as the field's SDKs read it.
            var payload = execution?.ExecutionDetails?.InputPayload ?? "{}";
            var input = invocation.Read<TInput>(serializer: null, payload, id);
            var scope = new ContextScope(invocation, parent: null, id: null, parentId: null);
            Ambient.Enter(scope);
            invocation.BeginBody(scope);
            var running = workflow(input, new DurableContext(scope, invocation.Log, isModeAware: true));
            if (!running.IsCompleted)
            {
                invocation.Exit();
            }

            var result = await running.ConfigureAwait(false);
            var text = typeof(TOutput) == typeof(Nothing) ? "null" : invocation.Write(serializer: null, result, id);
            invocation.End(new InvocationOutcome(InvocationEnd.Succeeded, text));
        }
        catch (Exception e)
        {
            // A border: whatever the author's code throws is how the execution fails.
            invocation.End(new InvocationOutcome(InvocationEnd.Failed, Exception: e));
        }
    }

    private static async Task<DurableExecutionInvocationOutput> AnswerAsync(
        Invocation invocation, InvocationOutcome outcome)
    {
        if (outcome.Kind is InvocationEnd.Succeeded or InvocationEnd.Failed)
        {
            await invocation.Checkpoints.DrainAsync().ConfigureAwait(false);
        }

        if ((outcome.Kind == InvocationEnd.Broken ? outcome.Exception : invocation.Checkpoints.Failure) is { } failure)
        {
            return failure is DurableServiceException { IsPermanent: true }
                ? FailedWith(failure)
                : throw failure;
        }

        return outcome.Kind switch
        {
            InvocationEnd.Suspended => new DurableExecutionInvocationOutput { Status = InvocationStatus.Pending },
            InvocationEnd.Failed => FailedWith(outcome.Exception ?? new DurableExecutionException()),
            _ => await SucceededWithAsync(invocation, outcome.Result ?? "null").ConfigureAwait(false),
        };
    }

    private static async Task<DurableExecutionInvocationOutput> SucceededWithAsync(Invocation invocation, string result)
    {
        if (result.Length > ResultBytesMax / 3 && Encoding.UTF8.GetByteCount(result) > ResultBytesMax)
        {
            await invocation.Checkpoints.StoreEndAsync(new OperationUpdate
            {
                Id = invocation.Operations.Execution?.Id ?? "",
                Type = OperationTypes.Execution,
                Action = OperationActions.Succeed,
                Payload = result,
            }).ConfigureAwait(false);
            if (invocation.Checkpoints.Failure is { } failure)
            {
                return failure is DurableServiceException { IsPermanent: true } ? FailedWith(failure) : throw failure;
            }

            result = "";
        }

        return new DurableExecutionInvocationOutput { Status = InvocationStatus.Succeeded, Result = result };
    }

    private static DurableExecutionInvocationOutput FailedWith(Exception exception) => new()
    {
        Status = InvocationStatus.Failed,
        Error = ErrorObject.OfExecution(exception),
    };
}
