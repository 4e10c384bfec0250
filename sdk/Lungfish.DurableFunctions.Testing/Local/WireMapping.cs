using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Lungfish.Durable.Deciding;
using Core = Lungfish.Durable;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>Between what the SDK sends and sees and what the decider takes and gives.</summary>
internal static class WireMapping
{
    public static string ToWire(CheckpointToken token) => Convert.ToBase64String(
        Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{token.Invocation}/{token.Checkpoint}")));

    /// <exception cref="DurableServiceException">Not a token of this service.</exception>
    public static CheckpointToken ToCore(string token)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (token.Length < 80 && Convert.TryFromBase64String(token, bytes, out var length))
        {
            var text = bytes[..length];
            var slash = text.IndexOf((byte)'/');
            if (slash > 0
                && Utf8Parser.TryParse(text[..slash], out long invocation, out _)
                && Utf8Parser.TryParse(text[(slash + 1)..], out long checkpoint, out _))
            {
                return new CheckpointToken(invocation, checkpoint);
            }
        }

        throw new DurableServiceException(
            "Invalid Checkpoint Token: it is none of this service.", "InvalidParameterValueException", 400);
    }

    public static Core.OperationUpdate ToCore(OperationUpdate update) => new()
    {
        Id = update.Id,
        Type = WireNames.TypeOf(update.Type),
        Action = WireNames.ActionOf(update.Action),
        ParentId = update.ParentId,
        Name = update.Name,
        SubType = update.SubType,
        Payload = update.Payload,
        Error = ToCore(update.Error),
        ReplayChildren = update.ReplayChildren,
        NextAttemptDelaySeconds = update.NextAttemptDelaySeconds,
        WaitSeconds = update.WaitSeconds,
        TimeoutSeconds = update.CallbackTimeoutSeconds,
        HeartbeatTimeoutSeconds = update.CallbackHeartbeatTimeoutSeconds,
        FunctionName = update.FunctionName,
        TenantId = update.TenantId,
    };

    public static Core.ErrorObject? ToCore(ErrorObject? error) => error is null
        ? null
        : new Core.ErrorObject
        {
            ErrorType = error.ErrorType,
            ErrorMessage = error.ErrorMessage,
            ErrorData = error.ErrorData,
            StackTrace = error.StackTrace is { } lines ? [.. lines] : default,
        };

    public static ErrorObject? ToSdk(Core.ErrorObject? error) => error is null
        ? null
        : new ErrorObject
        {
            ErrorType = error.ErrorType,
            ErrorMessage = error.ErrorMessage,
            ErrorData = error.ErrorData,
            StackTrace = error.StackTrace.IsDefault ? null : error.StackTrace,
        };

    public static Operation ToSdk(Core.Operation operation) => new()
    {
        Id = operation.Id,
        Type = WireNames.Of(operation.Type),
        Status = WireNames.Of(operation.Status),
        ParentId = operation.ParentId,
        Name = operation.Name,
        SubType = operation.SubType,
        StartTimestamp = operation.StartedAt,
        EndTimestamp = operation.EndedAt,
        ExecutionDetails = operation.Type is Core.OperationType.Execution
            ? new ExecutionDetails { InputPayload = operation.Payload }
            : null,
        ContextDetails = operation.Type is Core.OperationType.Context
            ? new ContextDetails
            {
                Result = operation.Payload,
                Error = ToSdk(operation.Error),
                ReplayChildren = operation.ReplayChildren,
            }
            : null,
        StepDetails = operation.Type is Core.OperationType.Step
            ? new StepDetails
            {
                Attempt = operation.Attempt,
                NextAttemptTimestamp = operation.NextAttemptAt,
                Result = operation.Payload,
                Error = ToSdk(operation.Error),
            }
            : null,
        WaitDetails = operation.Type is Core.OperationType.Wait
            ? new WaitDetails { ScheduledEndTimestamp = operation.ScheduledEndAt }
            : null,
        CallbackDetails = operation.Type is Core.OperationType.Callback
            ? new CallbackDetails
            {
                CallbackId = operation.Callback?.CallbackId,
                Result = operation.Payload,
                Error = ToSdk(operation.Error),
            }
            : null,
        ChainedInvokeDetails = operation.Type is Core.OperationType.ChainedInvoke
            ? new ChainedInvokeDetails { Result = operation.Payload, Error = ToSdk(operation.Error) }
            : null,
    };
}
