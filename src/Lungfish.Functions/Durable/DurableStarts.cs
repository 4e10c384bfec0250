using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lungfish.Durable;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Functions.Invoking;

namespace Lungfish.Functions.Durable;

/// <summary>Invokes durable functions from outside: starts an execution, and waits for its end if it is
/// wanted.</summary>
/// <remarks>Functions are ready before the engine is, which needs them; what is asked for in between waits.</remarks>
internal sealed class DurableStarts(AwsAccount account)
{
    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TaskCompletionSource<IDurableExecutions> _executions =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Connect(IDurableExecutions executions) => _executions.SetResult(executions);

    public Task<IDurableExecutions> ReadyAsync(CancellationToken cancellationToken) =>
        _executions.Task.WaitAsync(cancellationToken);

    public async Task<InvokeResult> InvokeAsync(
        FunctionConfiguration target,
        DurableConfig config,
        ReadOnlyMemory<byte> payload,
        InvokeOptions options,
        CancellationToken cancellationToken)
    {
        var executions = await ReadyAsync(cancellationToken);
        var start = new NewDurableExecution
        {
            FunctionArn = new FunctionReference(target.Name, target.Version).ToArn(account),
            Version = target.Version,
            Name = options.DurableExecutionName ?? NameFrom(options.RequestId),
            Input = payload.IsEmpty ? null : Encoding.UTF8.GetString(payload.Span),
            ExecutionTimeoutSeconds = config.ExecutionTimeoutSeconds,
            RetentionDays = config.RetentionDays,
            ParentArn = options.ParentArn,
        };
        if (options.Type == InvocationType.Event)
        {
            var started = await executions.StartAsync(start, cancellationToken);
            return ResultOf(target, options, started.ExecutionArn, started.StartedAt);
        }

        var end = await executions.RunAsync(start, cancellationToken);
        var result = ResultOf(target, options, end.Summary.ExecutionArn, end.Summary.StartedAt);
        return end.Summary.Status == DurableStatus.Succeeded
            ? result with { StatusCode = 200, Payload = Encoding.UTF8.GetBytes(end.Result ?? "null") }
            : result with { StatusCode = 200, FunctionError = "Unhandled", Payload = ErrorOf(end) };
    }

    private static InvokeResult ResultOf(
        FunctionConfiguration target, InvokeOptions options, string executionArn, DateTimeOffset startedAt) => new()
        {
            StatusCode = 202,
            RequestId = options.RequestId ?? Uuids.New().ToString(),
            TraceId = options.TraceId ?? Invocation.NewTraceId(startedAt),
            ExecutedVersion = target.Version,
            DurableExecutionArn = executionArn,
        };

    /// <summary>A task that is handed out again after a crash has the same request id, and finds its execution.
    /// </summary>
    private static string? NameFrom(string? requestId) =>
        requestId is not null && InvokeRules.IsExecutionName(requestId) ? requestId : null;

    private static ReadOnlyMemory<byte> ErrorOf(DurableDescription end)
    {
        var error = end.Error ?? ErrorObject.Empty;
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartObject();
        writer.WriteString(
            "errorMessage"u8,
            error.ErrorMessage ?? $"The durable execution ended as {WireNames.Of(end.Summary.Status)}.");
        writer.WriteString("errorType"u8, error.ErrorType ?? "Unhandled");
        if (error.ErrorData is { } data)
        {
            writer.WriteString("errorData"u8, data);
        }

        if (!error.StackTrace.IsDefault)
        {
            writer.WriteStartArray("stackTrace"u8);
            foreach (var line in error.StackTrace)
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
