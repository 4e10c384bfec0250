using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Lungfish.Conformance.Running;

/// <summary>The calls of SQS and SNS that cases make.</summary>
internal sealed class MessagingApi(Uri endpoint) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = endpoint };

    /// <param name="call"><c>sqs.ACTION</c> or <c>sns.ACTION</c>.</param>
    public Task<JsonObject> CallAsync(string call, JsonObject parameters, CancellationToken cancellationToken) =>
        call.Split('.') switch
        {
            ["sqs", var action] => SqsAsync(action, parameters, cancellationToken),
            ["sns", var action] => SnsAsync(action, parameters, cancellationToken),
            _ => throw new NotSupportedException($"The call {call}."),
        };

    /// <summary>The first messages that come, which are taken off the queue.</summary>
    public async Task<JsonArray> ReceiveAsync(string queueUrl, CancellationToken cancellationToken)
    {
        while (true)
        {
            var request = new JsonObject { ["QueueUrl"] = queueUrl, ["WaitTimeSeconds"] = 1 };
            var answer = await SqsAsync("ReceiveMessage", request, cancellationToken);
            if (answer["Messages"] is not JsonArray { Count: > 0 } messages)
            {
                continue;
            }

            foreach (var message in messages)
            {
                var delete = new JsonObject
                {
                    ["QueueUrl"] = queueUrl,
                    ["ReceiptHandle"] = message?["ReceiptHandle"]?.DeepClone(),
                };
                _ = await SqsAsync("DeleteMessage", delete, cancellationToken);
            }

            return messages;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonObject> SqsAsync(string action, JsonObject parameters, CancellationToken cancellationToken)
    {
        using var content = new StringContent(parameters.ToJsonString(), Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.0");
        using var request = Signed("sqs", content);
        request.Headers.Add("X-Amz-Target", $"AmazonSQS.{action}");
        var body = await SendAsync(request, cancellationToken);
        return body.Length == 0 ? [] : JsonNode.Parse(body)?.AsObject() ?? [];
    }

    private async Task<JsonObject> SnsAsync(string action, JsonObject parameters, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Action"] = action,
            ["Version"] = "2010-03-31",
        };
        foreach (var (name, value) in parameters)
        {
            if (value is JsonObject map)
            {
                foreach (var (index, (key, item)) in map.Index())
                {
                    var entry = string.Create(CultureInfo.InvariantCulture, $"{name}.entry.{index + 1}.");
                    fields[entry + "key"] = key;
                    fields[entry + "value"] = item?.ToString() ?? "";
                }
            }
            else
            {
                fields[name] = value?.ToString() ?? "";
            }
        }

        using var content = new FormUrlEncodedContent(fields);
        using var request = Signed("sns", content);
        var answer = new JsonObject();
        var body = XElement.Parse(await SendAsync(request, cancellationToken));
        foreach (var leaf in body.Descendants().Where(element => !element.HasElements))
        {
            answer[leaf.Name.LocalName] = leaf.Value;
        }

        return answer;
    }

    private static HttpRequestMessage Signed(string service, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/", UriKind.Relative)) { Content = content };

        // Not a signature: it says only which service is meant, which moto goes by.
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "AWS4-HMAC-SHA256",
            $"Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0");
        return request;
    }

    private async Task<string> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var answer = await _client.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? body : throw new HttpRequestException(body);
    }
}
