using System.Text.Encodings.Web;
using System.Text.Json;
using Lungfish.Functions.Invoking;
using Lungfish.Functions.Logs;
using Lungfish.Functions.Processes;
using Lungfish.Json;

namespace Lungfish.Functions;

/// <summary>A function that is a method of the application that embeds the server.</summary>
/// <param name="input">The payload.</param>
/// <param name="context">The invocation.</param>
/// <param name="cancellationToken">The function's timeout has passed: whatever it answers now, nobody hears it.</param>
public delegate Task<JsonValue> InProcessHandler(
    JsonValue input, InProcessContext context, CancellationToken cancellationToken);

/// <summary>What an in-process function may know of the invocation that it runs for.</summary>
/// <param name="ClientContext">JSON text, or null.</param>
/// <param name="Log">Writes a line into the function's log.</param>
public sealed record InProcessContext(
    string RequestId, string InvokedFunctionArn, DateTimeOffset Deadline, string? ClientContext, Action<string> Log);

/// <summary>Runs a registered method as a function: same payloads, errors, timeouts and logs as in a process.</summary>
internal sealed class InProcessFunction(
    FunctionConfiguration configuration, InProcessHandler handler, LogStore logs, TimeProvider time)
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public FunctionConfiguration Configuration => configuration;

    public async Task<FunctionOutcome> RunAsync(Invocation invocation)
    {
        invocation.Deadline = time.GetUtcNow() + configuration.Timeout;
        var startedAt = time.GetTimestamp();
        var log = new InvocationLog(logs, configuration, isShared: false, time);
        var output = log.Start(invocation.RequestId, invocation.TailLog);
        using var timeout = new CancellationTokenSource(configuration.Timeout, time);
        var outcome = await RunAsync(invocation, log, timeout.Token);
        var status = timeout.IsCancellationRequested ? "timeout" : null;
        var tail = log.Finish(
            output, new(time.GetElapsedTime(startedAt), Init: null, MemoryUsedMb: 0, status), remark: null);
        return tail is null ? outcome : outcome with { LogTail = tail };
    }

    private async Task<FunctionOutcome> RunAsync(
        Invocation invocation, InvocationLog log, CancellationToken timeout)
    {
        var context = new InProcessContext(
            invocation.RequestId,
            invocation.FunctionArn,
            invocation.Deadline,
            invocation.ClientContext,
            line => log.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n")));
        try
        {
            var input = JsonValue.Parse(invocation.Payload.Span);
            // A method cannot be killed: one that does not heed the timeout is left to itself.
            var running = Task.Run(() => handler(input, context, timeout), CancellationToken.None);
            var output = await running.WaitAsync(timeout);
            return new(output.ToUtf8(), IsError: false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return FunctionOutcome.TimedOut(invocation.RequestId, configuration.Timeout);
        }
        catch (Exception e)
        {
            return new(ErrorOf(e), IsError: true);
        }
    }

    private static byte[] ErrorOf(Exception e) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            errorType = e.GetType().Name,
            errorMessage = e.Message,
            stackTrace = (e.StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries),
        },
        Plain);
}
