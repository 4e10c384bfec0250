using System.Buffers;
using Lungfish.Engine;
using Lungfish.Engine.Identifiers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Lungfish.Server.Protocol;

/// <summary>AWS JSON 1.0: POST to <c>/</c>, the operation in a header, one JSON object in and one out.</summary>
/// <param name="keepsQuotas">False if requests may be larger than AWS's quotas allow.</param>
internal sealed partial class AwsJsonEndpoint(
    AwsJsonService service, ILogger<AwsJsonEndpoint> logger, bool keepsQuotas = true)
{
    /// <summary>Documented: a request to Step Functions may have 1 MB.</summary>
    public const int BodyBytesMax = 1024 * 1024;

    /// <summary>Where quotas are not kept: what one request may take of the memory, and of an inbox.</summary>
    public const int BodyBytesMaxWithoutQuotas = 16 * 1024 * 1024;

    private const string ContentType = "application/x-amz-json-1.0";

    public async Task HandleAsync(HttpContext context)
    {
        var requestId = Uuids.New().ToString();
        AnswerBuffer answer;
        try
        {
            var operation = OperationOf(context);
            var action = operation.StartAsync(await ReadBodyAsync(context), context.RequestAborted);
            await action;
            answer = AnswerBuffer.Rent(); // Not before: each thread has one to spare, for as long as it writes.
            operation.WriteAnswer(action, answer.Writer);
        }
        catch (ApiException refusal)
        {
            answer = Refuse(context, refusal);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // The client went away: nobody is left to answer.
        }
        catch (OperationCanceledException)
        {
            answer = Refuse(context, ProtocolErrors.Unavailable("The server is stopping."));
        }
        catch (BadHttpRequestException)
        {
            throw; // Kestrel answers what is no HTTP.
        }
        catch (Exception bug)
        {
            LogBug(bug, TargetOf(context), requestId);
            answer = Refuse(context, ProtocolErrors.Internal());
        }

        var response = context.Response;
        response.Headers["x-amzn-RequestId"] = requestId;
        response.ContentType = ContentType;
        await answer.SendAsync(response);
        answer.Return();
    }

    private static string? TargetOf(HttpContext context) =>
        context.Request.Headers.TryGetValue("X-Amz-Target", out var target) && !StringValues.IsNullOrEmpty(target)
            ? target.ToString()
            : null;

    private ApiOperation OperationOf(HttpContext context)
    {
        var target = TargetOf(context);
        return target is not null && service.Operations.TryGetValue(target, out var operation)
            ? operation
            : throw ProtocolErrors.UnknownOperation(target);
    }

    private async ValueTask<RequestMembers> ReadBodyAsync(HttpContext context)
    {
        var request = context.Request;
        var bytesMax = keepsQuotas ? BodyBytesMax : BodyBytesMaxWithoutQuotas;
        if (request.ContentLength > bytesMax)
        {
            throw ProtocolErrors.TooLarge(bytesMax);
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            var body = read.Buffer;
            if (body.Length > bytesMax)
            {
                reader.AdvanceTo(body.End); // Kestrel reads on to the end of the request.
                throw ProtocolErrors.TooLarge(bytesMax);
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(body.Start, body.End);
                continue;
            }

            try
            {
                return Parse(body);
            }
            finally
            {
                reader.AdvanceTo(body.End);
            }
        }
    }

    private RequestMembers Parse(ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment)
        {
            return RequestMembers.Parse(body.FirstSpan, keepsQuotas);
        }

        var length = checked((int)body.Length);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(rented);
            return RequestMembers.Parse(rented.AsSpan(0, length), keepsQuotas);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private AnswerBuffer Refuse(HttpContext context, ApiException refusal)
    {
        var answer = AnswerBuffer.Rent();
        context.Response.StatusCode = refusal.HttpStatus;
        var writer = answer.Writer;
        writer.WriteStartObject();
        writer.WriteString("__type"u8, service.TypeOf(refusal.Code));
        writer.WriteString("message"u8, refusal.Message);
        foreach (var (name, value) in refusal.Members)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        return answer;
    }

    [LoggerMessage(1, LogLevel.Error, "{Target} failed; request {RequestId}.")]
    private partial void LogBug(Exception bug, string? target, string requestId);
}
