using System.Text;
using Lungfish.Durable;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Durable;
using Lungfish.Functions.Invoking;
using Lungfish.Functions.Registry;

namespace Lungfish.Functions.Durable;

/// <summary>Carries out what durable executions invoke.</summary>
internal sealed class ChainedInvokes(
    FunctionDirectory directory, Invoke invoke, DurableStarts durable, TimeProvider time)
{
    private static readonly TimeSpan UnavailableWait = TimeSpan.FromSeconds(1);

    /// <summary>Invokes and waits for the end. Of a durable target it finds the execution that was started before under
    /// the ARN that the operation chose.</summary>
    public async Task<ChainedOutcome> InvokeAsync(ChainedInvoke request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return request.Target.DurableExecutionArn is { } executionArn
                    ? await RunDurableAsync(request, executionArn, cancellationToken)
                    : await RunPlainAsync(request, cancellationToken);
            }
            catch (ApiException e) when (e.HttpStatus is 429 or 503)
            {
                await Task.Delay(UnavailableWait, time, cancellationToken);
            }
            catch (ApiException e)
            {
                return new(OperationStatus.Failed, Payload: null, ErrorOf(e));
            }
        }
    }

    public static ErrorObject ErrorOf(ApiException refusal) =>
        new() { ErrorType = refusal.Code, ErrorMessage = refusal.Message };

    private async Task<ChainedOutcome> RunPlainAsync(ChainedInvoke request, CancellationToken cancellationToken)
    {
        var target = request.Target;
        var name = target.FunctionArn ?? target.FunctionName;
        var result = await invoke(
            FunctionReference.Parse(name, qualifier: null, directory.Account),
            Encoding.UTF8.GetBytes(target.Input ?? ""),
            new InvokeOptions { TenantId = target.TenantId },
            cancellationToken);
        return result.FunctionError is null
            ? new(OperationStatus.Succeeded, Encoding.UTF8.GetString(result.Payload.Span), Error: null)
            : new(OperationStatus.Failed, Payload: null, ErrorReader.ReadFunctionError(result.Payload.Span));
    }

    private async Task<ChainedOutcome> RunDurableAsync(
        ChainedInvoke request, string executionArn, CancellationToken cancellationToken)
    {
        var target = request.Target;
        var arn = DurableExecutionArn.Parse(executionArn);
        var version = directory.Choose(FunctionReference.Parse(arn.FunctionArn, null, directory.Account), chance: 0);
        if (version?.Durable is not { } config)
        {
            throw LambdaErrors.FunctionNotFound(arn.FunctionArn);
        }

        InvokeRules.CheckTenant(version, target.TenantId);
        var executions = await durable.ReadyAsync(cancellationToken);
        var started = await executions.StartAsync(
            new NewDurableExecution
            {
                FunctionArn = arn.FunctionArn,
                Version = arn.Version,
                Name = arn.Name,
                Id = Guid.Parse(arn.Id),
                Input = target.Input,
                ExecutionTimeoutSeconds = config.ExecutionTimeoutSeconds,
                RetentionDays = config.RetentionDays,
                ParentArn = request.CallerArn,
            },
            cancellationToken);
        var end = await executions.WaitAsync(started.ExecutionArn, Timeout.InfiniteTimeSpan, cancellationToken);
        return end.Summary.Status switch
        {
            DurableStatus.Succeeded => new(OperationStatus.Succeeded, end.Result, Error: null),
            DurableStatus.TimedOut => new(OperationStatus.TimedOut, Payload: null, end.Error),
            DurableStatus.Stopped => new(OperationStatus.Stopped, Payload: null, end.Error),
            _ => new(OperationStatus.Failed, Payload: null, end.Error),
        };
    }
}
