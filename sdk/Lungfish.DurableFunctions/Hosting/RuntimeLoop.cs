using System.Buffers;
using System.Text.Json;

namespace Lungfish.DurableFunctions;

/// <summary>The program's side of the Lambda Runtime API: takes an invocation, runs it, answers, for ever.</summary>
internal static class RuntimeLoop
{
    public static Task RunAsync(Func<string, DurableEntryPoint> find, CancellationToken cancellationToken) => RunAsync(
        Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") ?? throw new InvalidOperationException(
            "AWS_LAMBDA_RUNTIME_API is not set: this program is a function that Lambda or Lungfish starts."),
        Environment.GetEnvironmentVariable("_HANDLER") ?? "",
        find,
        cancellationToken);

    public static async Task RunAsync(
        string address, string handler, Func<string, DurableEntryPoint> find, CancellationToken cancellationToken)
    {
        using IRuntimeApi api = DirectConnection.HasServer
            ? new DirectRuntimeApi(address, Environment.GetEnvironmentVariable("LUNGFISH_RUNTIME_API"))
            : new RuntimeApiClient(address);
        await RunAsync(api, handler, find, cancellationToken).ConfigureAwait(false);
    }

    public static async Task RunAsync(
        IRuntimeApi api, string handler, Func<string, DurableEntryPoint> find, CancellationToken cancellationToken)
    {
        DurableEntryPoint entryPoint;
        try
        {
            entryPoint = find(handler);
        }
        catch (InvalidOperationException e)
        {
            await api.ReportInitErrorAsync(ErrorJson(e), cancellationToken).ConfigureAwait(false);
            throw;
        }

        while (!cancellationToken.IsCancellationRequested
            && await api.NextAsync(cancellationToken).ConfigureAwait(false) is { } invocation)
        {
            Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", invocation.TraceId);
            byte[] answer;
            try
            {
                var envelope = EnvelopeJson.ReadInput(invocation.Event);
                var output = await entryPoint.InvokeAsync(envelope, invocation.Context, cancellationToken)
                    .ConfigureAwait(false);
                answer = EnvelopeJson.WriteOutput(output);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // A border: the invocation has failed, the program serves the next one.
                await api.ReportErrorAsync(invocation, ErrorJson(e), cancellationToken).ConfigureAwait(false);
                continue;
            }

            await api.AnswerAsync(invocation, answer, cancellationToken).ConfigureAwait(false);
        }
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
