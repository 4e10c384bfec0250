using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Lungfish.DurableFunctions;

/// <summary>The program's side of the Lambda Runtime API: takes an invocation, runs it, answers, for ever.</summary>
/// <remarks>
/// It runs as many invocations at once as the platform allows: over one channel if that gives one, else each on a
/// connection of its own. Connections are opened as they are needed: one waits for work whenever the program may take
/// more.
/// </remarks>
internal sealed class RuntimeLoop
{
    private readonly string _address;
    private readonly DurableEntryPoint _entryPoint;
    private readonly int _atOnceMax;
    private readonly CancellationToken _cancellationToken;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _opened;
    private int _waiting; // For work.

    private RuntimeLoop(
        string address, DurableEntryPoint entryPoint, int atOnceMax, CancellationToken cancellationToken) =>
        (_address, _entryPoint, _atOnceMax, _cancellationToken) = (address, entryPoint, atOnceMax, cancellationToken);

    public static Task RunAsync(Func<string, DurableEntryPoint> find, CancellationToken cancellationToken)
    {
        var address = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")
            ?? throw new InvalidOperationException(
                "AWS_LAMBDA_RUNTIME_API is not set: this program is a function that Lambda or Lungfish starts.");
        var extensions = Environment.GetEnvironmentVariable("LUNGFISH_RUNTIME_API");
        var handler = Environment.GetEnvironmentVariable("_HANDLER") ?? "";

        // Documented: set if an execution environment runs several invocations at once.
        var atOnceMax = int.TryParse(
            Environment.GetEnvironmentVariable("AWS_LAMBDA_MAX_CONCURRENCY"),
            CultureInfo.InvariantCulture,
            out var count) ? count : 1;
        return RunAsync(
            address,
            hasChannel: extensions?.Split(' ').Contains("channel") is true,
            atOnceMax,
            handler,
            find,
            cancellationToken);
    }

    /// <summary>Returns when the platform has gone, or wants the program to end.</summary>
    /// <param name="address">Host and port of the Runtime API.</param>
    /// <param name="hasChannel">Whether it gives channels.</param>
    /// <param name="atOnceMax">How many invocations may run at the same time.</param>
    /// <param name="handler">The function's handler setting.</param>
    /// <param name="find">Finds the handler, or throws.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(
        string address,
        bool hasChannel,
        int atOnceMax,
        string handler,
        Func<string, DurableEntryPoint> find,
        CancellationToken cancellationToken)
    {
        DurableEntryPoint entryPoint;
        try
        {
            entryPoint = find(handler);
        }
        catch (InvalidOperationException e)
        {
            using var api = new RuntimeApiClient(address);
            await api.ReportInitErrorAsync(ErrorJson(e), cancellationToken).ConfigureAwait(false);
            throw;
        }

        if (hasChannel)
        {
            await ChannelLoop.RunAsync(address, entryPoint, atOnceMax, cancellationToken).ConfigureAwait(false);
            return;
        }

        var loop = new RuntimeLoop(address, entryPoint, atOnceMax, cancellationToken) { _opened = 1, _waiting = 1 };
        await loop.ServeAsync(new RuntimeApiClient(address)).ConfigureAwait(false);
        await loop._ended.Task.ConfigureAwait(false);
    }

    /// <summary>Called when one begins.</summary>
    public static void Tell(RuntimeInvocation invocation, int atOnceMax)
    {
        if (atOnceMax <= 1)
        {
            // Documented for one at a time; what belongs to all of the process cannot tell of several.
            Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", invocation.Context.TraceId);
        }
    }

    /// <summary>Runs an invocation, to what it is answered with.</summary>
    public static async Task<(byte[] Answer, bool IsError)> AnswerAsync(
        DurableEntryPoint entryPoint, RuntimeInvocation invocation, CancellationToken cancellationToken)
    {
        try
        {
            var envelope = EnvelopeJson.ReadInput(invocation.Event.Span);
            var output = await entryPoint.InvokeAsync(envelope, invocation.Context, cancellationToken)
                .ConfigureAwait(false);
            return (EnvelopeJson.WriteOutput(output), false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A border: the invocation has failed, the program serves the next one.
            return (ErrorJson(e), true);
        }
    }

    /// <summary>Serves one connection until it ends. The last one's end is the program's, and so is a
    /// failure.</summary>
    private async Task ServeAsync(RuntimeApiClient api)
    {
        try
        {
            using (api)
            {
                await TakeAllAsync(api).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // A border: rethrown to whoever runs the program.
            _ended.TrySetException(e);
        }

        lock (_gate)
        {
            if (--_opened > 0)
            {
                return;
            }
        }

        _ended.TrySetResult();
    }

    private async Task TakeAllAsync(RuntimeApiClient api)
    {
        while (!_cancellationToken.IsCancellationRequested
            && await api.NextAsync(_cancellationToken).ConfigureAwait(false) is { } invocation)
        {
            OpenAnotherIfNoneWaits();
            Tell(invocation, _atOnceMax);
            var (answer, isError) = await AnswerAsync(_entryPoint, invocation, _cancellationToken)
                .ConfigureAwait(false);
            lock (_gate)
            {
                _waiting++;
            }

            await (isError
                ? api.ReportErrorAsync(invocation, answer, _cancellationToken)
                : api.AnswerAsync(invocation, answer, _cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>Called by a connection that has got work.</summary>
    private void OpenAnotherIfNoneWaits()
    {
        lock (_gate)
        {
            if (--_waiting > 0 || _opened >= _atOnceMax)
            {
                return;
            }

            _opened++;
            _waiting++;
        }

        // What runs now knows nothing of it.
        ThreadPool.UnsafeQueueUserWorkItem(
            static loop => _ = loop.ServeAsync(new RuntimeApiClient(loop._address)), this, preferLocal: false);
    }

    private static byte[] ErrorJson(Exception exception)
    {
        var error = ErrorObject.FromException(exception);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("errorType"u8, error.ErrorType);
            writer.WriteString("errorMessage"u8, error.ErrorMessage);
            writer.WriteStartArray("stackTrace"u8);
            foreach (var line in error.StackTrace ?? [])
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
