using System.Buffers;
using System.Globalization;
using Lungfish.Functions.Invoking;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lungfish.Functions.RuntimeApi;

/// <summary>The Lambda Runtime API, version 2018-06-01, and one call more.</summary>
/// <remarks>Documented: Lambda developer guide, "Using the Lambda runtime API". Runtimes of ours that are told so add
/// <c>/next</c> to the path of an answer: then it is also the request for the next invocation, and is answered as that
/// one (docs/decisions/0012). Those that can make their connection a channel instead (0016): see
/// <see cref="ProcessPorts"/>.</remarks>
internal static class RuntimeApi
{
    private const string VersionPath = "/2018-06-01/runtime/";
    private const string InvocationPath = "invocation/";
    private const string FunctionErrorHeader = "Lambda-Runtime-Function-Error-Type";

    private static readonly byte[] Accepted = """{"status":"OK"}"""u8.ToArray();

    public static async Task HandleAsync(HttpContext context)
    {
        var from = context.Features.GetRequiredFeature<RuntimeConnection>();
        var path = context.Request.Path.Value ?? "";
        var call = path.StartsWith(VersionPath, StringComparison.Ordinal) ? path[VersionPath.Length..] : path;
        var isPost = HttpMethods.IsPost(context.Request.Method);
        if (call == "invocation/next" && HttpMethods.IsGet(context.Request.Method))
        {
            await NextAsync(context, from);
        }
        else if (call == "init/error" && isPost)
        {
            var (body, _) = await ReadBodyAsync(context, FunctionOutcome.ResponseBytesMax);
            from.Pool.InitFailed(from.Environment, new FunctionOutcome(body, IsError: true));
            await AnswerAsync(context, 202, Accepted);
        }
        else if (isPost && call.StartsWith(InvocationPath, StringComparison.Ordinal)
            && call.Split('/') is [_, var requestId, var kind, .. var rest]
            && kind is ("response" or "error") && rest is ([] or ["next"]))
        {
            var refusal = await TakeAnswerAsync(context, from, requestId, isError: kind == "error");
            if (rest is ["next"])
            {
                await NextAsync(context, from); // Whatever came of that answer: the next one counts.
            }
            else if (refusal is { } refused)
            {
                await RefuseAsync(context, refused.Status, refused.ErrorType, refused.Message);
            }
            else
            {
                await AnswerAsync(context, 202, Accepted);
            }
        }
        else
        {
            var wanted = $"{context.Request.Method} {call}";
            await RefuseAsync(context, 404, "UnknownOperation", $"The Runtime API has no {wanted}.");
        }
    }

    private static async Task NextAsync(HttpContext context, RuntimeConnection from)
    {
        if (!from.Pool.TryNext(from, out var next))
        {
            await RefuseAsync(context, 403, "InvalidStateTransition", "The last invocation has not been answered.");
            return;
        }

        RunningInvocation running;
        try
        {
            running = await next;
        }
        catch (OperationCanceledException)
        {
            context.Abort(); // The process is to end, has gone away, or has asked again on another connection.
            return;
        }

        if (context.RequestAborted.IsCancellationRequested)
        {
            from.Pool.NotDelivered(from.Environment, running);
            return;
        }

        if (!running.TrySend())
        {
            context.Abort(); // The process has ended, and another one gets it.
            return;
        }

        var invocation = running.Invocation;
        var headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
        headers["Lambda-Runtime-Deadline-Ms"] =
            invocation.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = invocation.FunctionArn;
        headers["Lambda-Runtime-Trace-Id"] = invocation.TraceId;
        if (invocation.ClientContext is { } clientContext)
        {
            headers["Lambda-Runtime-Client-Context"] = clientContext;
        }

        if (invocation.TenantId is { } tenantId)
        {
            headers["Lambda-Runtime-Aws-Tenant-Id"] = tenantId;
        }

        await AnswerAsync(context, 200, invocation.Payload);
    }

    /// <returns>Null: it was taken.</returns>
    private static async Task<(int Status, string ErrorType, string Message)?> TakeAnswerAsync(
        HttpContext context, RuntimeConnection from, string requestId, bool isError)
    {
        isError |= context.Request.Headers.ContainsKey(FunctionErrorHeader);
        // Nothing is kept of what nobody has asked for.
        var running = from.Pool.FindRunning(from.Environment, requestId);
        var (body, size) = await ReadBodyAsync(
            context, running is { IsTimedOut: false } ? FunctionOutcome.ResponseBytesMax : 0);
        var tooLarge = size > FunctionOutcome.ResponseBytesMax;
        var outcome = tooLarge
            ? FunctionOutcome.TooLarge(size)
            : new FunctionOutcome(body, isError);
        if (running is null || !from.Pool.Answer(from.Environment, running, outcome))
        {
            return (400, "InvalidRequestID", "Invalid request ID");
        }

        return tooLarge
            ? (413, "RequestEntityTooLarge",
                $"Exceeded maximum allowed payload size ({FunctionOutcome.ResponseBytesMax} bytes).")
            : null;
    }

    /// <summary>Reads to the end, so that the connection stays usable, but keeps no more than is allowed.</summary>
    private static async Task<(byte[] Body, long Size)> ReadBodyAsync(HttpContext context, int bytesKept)
    {
        var kept = new ArrayBufferWriter<byte>((int)Math.Min(context.Request.ContentLength ?? 256, 65_536) + 1);
        long size = 0;
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            foreach (var part in read.Buffer)
            {
                size += part.Length;
                if (size <= bytesKept)
                {
                    kept.Write(part.Span);
                }
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return (kept.WrittenSpan.ToArray(), size);
            }
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string errorType, string errorMessage) =>
        AnswerAsync(context, status, FunctionOutcome.Failed(errorType, errorMessage).Payload);

    private static async Task AnswerAsync(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        _ = await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }
}
