using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Lungfish.Integrations.S3;

/// <summary>One request to an S3 endpoint.</summary>
/// <param name="bucket">Null: the service itself.</param>
/// <param name="key">Null: the bucket itself.</param>
internal sealed class S3Call(HttpMethod method, string? bucket, string? key)
{
    public HttpMethod Method => method;

    public string? Bucket => bucket;

    public string? Key => key;

    public List<KeyValuePair<string, string>> Query { get; } = [];

    public ReadOnlyMemory<byte> Body { get; set; }

    public string? ContentType { get; set; }

    public string? IfMatch { get; set; }

    public string? Range { get; set; }
}

/// <summary>Signs and sends requests, and asks again where that may help.</summary>
internal sealed class S3Wire(S3EndpointOptions options, TimeProvider time) : IDisposable
{
    private const int AttemptsMax = 4;
    private const long XmlCharactersMax = 32 * 1024 * 1024;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // The signature names the host.
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            UseCookies = false,
        })
    { Timeout = Timeout.InfiniteTimeSpan }; // Objects may be large; who waits has a token.

    /// <summary>What CreateBucket must say outside of us-east-1.</summary>
    public ReadOnlyMemory<byte> LocationConstraint => options.Region is "us-east-1"
        ? default
        : Encoding.UTF8.GetBytes(
            new XElement(
                XName.Get("CreateBucketConfiguration", "http://s3.amazonaws.com/doc/2006-03-01/"),
                new XElement(
                    XName.Get("LocationConstraint", "http://s3.amazonaws.com/doc/2006-03-01/"), options.Region))
            .ToString(SaveOptions.DisableFormatting));

    /// <returns>An answer whose status is a success, its headers read; the caller disposes it.</returns>
    /// <exception cref="ObjectStoreException">Any other status, or no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(S3Call call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            ObjectStoreException failure;
            try
            {
                using var request = Build(call);
                var answer = await _client.SendAsync(
                    request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return answer;
                }

                using (answer)
                {
                    failure = await ReadRefusalAsync(call, answer, cancellationToken);
                }
            }
            catch (HttpRequestException e)
            {
                failure = Unreachable(call, e);
            }

            // Every request here may be repeated: the same content is put under the same key.
            if (attempt == AttemptsMax || failure.HttpStatus is not (0 or 429 or >= 500) || failure.HttpStatus == 501)
            {
                throw failure;
            }

            await Task.Delay(FirstDelay * (1 << (attempt - 1)), time, cancellationToken);
        }
    }

    /// <exception cref="ObjectStoreException">It is no XML, or has a DTD.</exception>
    public async Task<XElement> ReadXmlAsync(
        S3Call call, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await answer.Content.ReadAsStreamAsync(cancellationToken);
            return await ReadXmlAsync(content, cancellationToken);
        }
        catch (Exception e) when (e is XmlException or IOException or HttpRequestException)
        {
            throw new ObjectStoreException(
                ObjectStoreException.NoAnswer, $"The answer cannot be read: {e.Message}", 0, Where(call), e);
        }
    }

    public string Where(S3Call call) => call.Bucket is null
        ? $"S3 at {options.Endpoint}"
        : $"s3://{call.Bucket}{(call.Key is null ? "" : "/" + call.Key)} at {options.Endpoint}";

    public void Dispose() => _client.Dispose();

    private static async Task<XElement> ReadXmlAsync(Stream content, CancellationToken cancellationToken)
    {
        var settings = new XmlReaderSettings
        {
            Async = true,
            DtdProcessing = DtdProcessing.Prohibit,
            MaxCharactersInDocument = XmlCharactersMax,
            XmlResolver = null,
        };
        using var reader = XmlReader.Create(content, settings);
        return await XElement.LoadAsync(reader, LoadOptions.None, cancellationToken);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private HttpRequestMessage Build(S3Call call)
    {
        var path = new StringBuilder(options.Endpoint.AbsolutePath.TrimEnd('/')).Append('/');
        if (call.Bucket is not null)
        {
            _ = path.Append(SignatureV4.Encode(call.Bucket, keepSlash: false));
            _ = call.Key is null ? path : path.Append('/').Append(SignatureV4.Encode(call.Key, keepSlash: true));
        }

        var query = SignatureV4.CanonicalQuery(call.Query);
        var address = new Uri(
            options.Endpoint.GetLeftPart(UriPartial.Authority) + path + (query.Length == 0 ? "" : "?" + query),
            // Keys like a/../b must arrive as they are signed.
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(call.Method, address);
        if (call.Method == HttpMethod.Put)
        {
            request.Content = new ReadOnlyMemoryContent(call.Body);
            _ = call.ContentType is { } type && request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        AddHeaders(call, request, path.ToString());
        return request;
    }

    private void AddHeaders(S3Call call, HttpRequestMessage request, string path)
    {
        var now = time.GetUtcNow();
        var payloadHash = call.Body.IsEmpty
            ? SignatureV4.EmptyPayloadHash
            : Convert.ToHexStringLower(SHA256.HashData(call.Body.Span));
        List<KeyValuePair<string, string>> headers =
        [
            new("host", options.Endpoint.Authority),
            new("x-amz-content-sha256", payloadHash),
            new("x-amz-date", SignatureV4.TimeText(now)),
        ];
        AddIfAny("if-match", call.IfMatch);
        AddIfAny("range", call.Range);
        AddIfAny("x-amz-security-token", options.Credentials?.SessionToken);
        foreach (var (name, value) in headers)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value);
        }

        if (options.Credentials is { } credentials)
        {
            var signed = new SignedRequest(call.Method.Method, path, call.Query, headers, payloadHash);
            _ = request.Headers.TryAddWithoutValidation(
                "Authorization", SignatureV4.Authorize(signed, credentials, options.Region, "s3", now));
        }

        void AddIfAny(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add(new(name, value));
            }
        }
    }

    private async Task<ObjectStoreException> ReadRefusalAsync(
        S3Call call, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var (code, message) = CodeOf(call, answer.StatusCode);
        try
        {
            await using var content = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var error = await ReadXmlAsync(content, cancellationToken);
            code = error.Elements().FirstOrDefault(element => element.Name.LocalName == "Code")?.Value ?? code;
            message = error.Elements().FirstOrDefault(element => element.Name.LocalName == "Message")?.Value ?? message;
        }
        catch (Exception e) when (e is XmlException or IOException or HttpRequestException)
        {
            // HEAD has no body, and what stands between us and S3 may answer anything: the status has to do.
        }

        return new ObjectStoreException(code, message, (int)answer.StatusCode, Where(call))
        {
            RequestId = Header(answer, "x-amz-request-id") ?? "",
            ExtendedRequestId = Header(answer, "x-amz-id-2") ?? "",
        };
    }

    /// <summary>What an answer without a body means.</summary>
    private static (string Code, string Message) CodeOf(S3Call call, HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound when call.Key is null => ("NoSuchBucket", "The specified bucket does not exist"),
        HttpStatusCode.NotFound => ("NoSuchKey", "The specified key does not exist."),
        HttpStatusCode.Forbidden => ("AccessDenied", "Access Denied"),
        HttpStatusCode.PreconditionFailed =>
            ("PreconditionFailed", "At least one of the pre-conditions you specified did not hold"),
        _ => (status.ToString(), $"It answered with status {(int)status}"),
    };

    private ObjectStoreException Unreachable(S3Call call, HttpRequestException e) => new(
        ObjectStoreException.NoAnswer, $"Unable to execute HTTP request: {e.Message}", 0, Where(call), e);
}
