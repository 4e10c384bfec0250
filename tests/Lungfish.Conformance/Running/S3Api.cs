using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Lungfish.Conformance.Running;

/// <summary>The calls of S3 that cases make before they begin, path-style.</summary>
internal sealed class S3Api(Uri endpoint) : IDisposable
{
    // Not a signature: it says only that S3 is meant, which both the server and moto go by.
    private static readonly AuthenticationHeaderValue s_signed = new(
        "AWS4-HMAC-SHA256", "Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0");

    private readonly HttpClient _client = new() { BaseAddress = endpoint };

    public async Task CallAsync(string action, JsonObject parameters, CancellationToken cancellationToken)
    {
        var path = "/" + CaseSession.Text(parameters, "Bucket");
        using var request = action switch
        {
            "CreateBucket" => new HttpRequestMessage(HttpMethod.Put, new Uri(path, UriKind.Relative)),
            "PutObject" => new HttpRequestMessage(
                HttpMethod.Put, new Uri($"{path}/{CaseSession.Text(parameters, "Key")}", UriKind.Relative))
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(CaseSession.Text(parameters, "Body"))),
            },
            _ => throw new NotSupportedException($"The call s3.{action}."),
        };
        request.Headers.Authorization = s_signed;
        using var answer = await _client.SendAsync(request, cancellationToken);
        _ = answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _client.Dispose();
}
