using System.Buffers;
using Lungfish.Functions;
using Lungfish.Json;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.Lambda;

/// <summary>One request of the Lambda API, with access to its parts by the API's names.</summary>
/// <param name="function">What the path names; null: routing has found it.</param>
internal sealed class LambdaCall(HttpContext http, FunctionService functions, string? function = null)
{
    public FunctionService Functions => functions;

    public HttpRequest Request => http.Request;

    /// <summary>The function that the path and the Qualifier in the query name.</summary>
    public FunctionReference ReadReference() => FunctionReference.Parse(
        function ?? http.Request.RouteValues["FunctionName"] as string ?? "",
        FindQuery("Qualifier"),
        functions.Account);

    public string? FindQuery(string name) =>
        http.Request.Query.TryGetValue(name, out var values) && values is [{ Length: > 0 } value, ..] ? value : null;

    public string? FindHeader(string name) =>
        http.Request.Headers.TryGetValue(name, out var values) && values is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>The body as it came, never more than is allowed.</summary>
    /// <returns>Null: it is longer.</returns>
    public async Task<ReadOnlyMemory<byte>?> FindBodyAsync(int bytesMax, CancellationToken cancellationToken)
    {
        if (http.Request.ContentLength > bytesMax)
        {
            return null;
        }

        var body = new ArrayBufferWriter<byte>((int)(http.Request.ContentLength ?? 0) + 1);
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(cancellationToken);
            if (body.WrittenCount + read.Buffer.Length > bytesMax)
            {
                http.Request.BodyReader.AdvanceTo(read.Buffer.End); // Kestrel reads on to the end of the request.
                return null;
            }

            foreach (var part in read.Buffer)
            {
                body.Write(part.Span);
            }

            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return body.WrittenMemory;
            }
        }
    }

    /// <summary>The body as a JSON object; an empty one counts as <c>{}</c>.</summary>
    public async Task<RequestBody> ReadJsonAsync(string operation, CancellationToken cancellationToken)
    {
        const int BytesMax = 69_905_067; // Documented in AWS's error text: 50 MB of zip file in base64.
        var bytes = await FindBodyAsync(BytesMax, cancellationToken)
            ?? throw LambdaErrors.RequestTooLarge(BytesMax, operation);
        if (bytes.IsEmpty)
        {
            return new RequestBody(JsonObject.Empty);
        }

        try
        {
            return JsonValue.Parse(bytes.Span) is JsonObject body
                ? new RequestBody(body)
                : throw LambdaErrors.InvalidRequestContent("Expected a JSON object.");
        }
        catch (JsonParseException e)
        {
            throw LambdaErrors.InvalidRequestContent(e.Message);
        }
    }
}

/// <summary>What is answered when nothing went wrong.</summary>
internal sealed record LambdaAnswer(int StatusCode, ReadOnlyMemory<byte> Body)
{
    public static LambdaAnswer Of(int statusCode, JsonValue body) => new(statusCode, body.ToUtf8());

    /// <summary>Null: a new one.</summary>
    public string? RequestId { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}

/// <summary>One operation of the Lambda API.</summary>
internal interface ILambdaAction
{
    Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken);
}
