using System.Diagnostics;
using System.Text.Json;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Functions;
using Lungfish.Server.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Lungfish.Server.Lambda.Durable;

/// <summary>The operations on durable executions. They do without routing: a checkpoint is on the way of every
/// step.</summary>
internal sealed partial class DurableEndpoint
{
    private readonly IDurableAction[] _actions;
    private readonly ILogger<DurableEndpoint> _logger;

    /// <param name="executions">What is asked.</param>
    /// <param name="account">Whose functions may be named.</param>
    /// <param name="versionOf">The version that a function's name stands for; refuses one that is not there.</param>
    /// <param name="logger">Gets what must not happen.</param>
    public DurableEndpoint(
        IDurableExecutions executions,
        AwsAccount account,
        Func<FunctionReference, string> versionOf,
        ILogger<DurableEndpoint> logger)
    {
        _logger = logger;
        _actions =
        [
            .. Enum.GetValues<DurableOperation>()
                .Select(operation => ActionOf(operation, executions, account, versionOf)),
        ];
    }

    public static DurableRoute? Find(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>() is { RawTarget: { } target } request
            ? DurableRoute.Find(request.Method, target)
            : null;

    public async Task HandleAsync(HttpContext context, DurableRoute route)
    {
        var answer = AnswerBuffer.Rent();
        try
        {
            var call = new DurableCall(context, route.Name);
            await _actions[(int)route.Operation].HandleAsync(call, answer.Writer, context.RequestAborted);
            context.Response.Headers["x-amzn-RequestId"] = Uuids.New().ToString();
            context.Response.ContentType = "application/json";
        }
        catch (ApiException refusal)
        {
            Refuse(context, answer, refusal);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // The client went away: nobody is left to answer.
        }
        catch (OperationCanceledException)
        {
            Refuse(context, answer, LambdaErrors.ServiceStopping());
        }
        catch (BadHttpRequestException)
        {
            throw; // Kestrel answers what is no HTTP.
        }
        catch (Exception bug)
        {
            LogBug(bug, route.Operation);
            Refuse(context, answer, new ApiException("ServiceException", ProtocolErrors.Internal().Message, 500));
        }

        await answer.SendAsync(context.Response);
        answer.Return();
    }

    private static IDurableAction ActionOf(
        DurableOperation operation,
        IDurableExecutions executions,
        AwsAccount account,
        Func<FunctionReference, string> versionOf) => operation switch
        {
            DurableOperation.Checkpoint => new CheckpointDurableExecution(executions),
            DurableOperation.GetState => new GetDurableExecutionState(executions),
            DurableOperation.Get => new GetDurableExecution(executions),
            DurableOperation.GetHistory => new GetDurableExecutionHistory(executions),
            DurableOperation.Stop => new StopDurableExecution(executions),
            DurableOperation.Redrive => new RedriveDurableExecution(executions),
            DurableOperation.ListByFunction => new ListDurableExecutionsByFunction(executions, account, versionOf),
            DurableOperation.SucceedCallback => new SendDurableExecutionCallbackSuccess(executions),
            DurableOperation.FailCallback => new SendDurableExecutionCallbackFailure(executions),
            DurableOperation.HeartbeatCallback => new SendDurableExecutionCallbackHeartbeat(executions),
            _ => throw new UnreachableException($"{operation}"),
        };

    private static void Refuse(HttpContext context, AnswerBuffer answer, ApiException refusal)
    {
        answer.Clear();
        context.Response.StatusCode = refusal.HttpStatus;
        answer.Writer.WriteRawValue(
            LambdaRefusal.Prepare(context.Response, refusal).Span, skipInputValidation: true);
    }

    [LoggerMessage(1, LogLevel.Error, "{Operation} of a durable execution failed.")]
    private partial void LogBug(Exception bug, DurableOperation operation);
}

/// <summary>One operation on durable executions; it answers 200 and one JSON object.</summary>
internal interface IDurableAction
{
    Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken);
}
