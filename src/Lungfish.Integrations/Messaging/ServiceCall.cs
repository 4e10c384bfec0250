using System.Security.Cryptography;
using Lungfish.Integrations.S3;

namespace Lungfish.Integrations.Messaging;

/// <summary>One request to a service, signed and sent once: to send a message again is for the state's Retry.</summary>
internal sealed record ServiceCall
{
    private const int AnswerBytesMax = 1024 * 1024;

    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // The signature names the host.
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        UseCookies = false,
    })
    { Timeout = TimeSpan.FromSeconds(60), MaxResponseContentBufferSize = AnswerBytesMax };

    public required Uri Address { get; init; }

    /// <summary>As the signature names it: <c>sqs</c>.</summary>
    public required string Service { get; init; }

    public required string ContentType { get; init; }

    /// <summary>Of protocols that name the action in a header.</summary>
    public string? Target { get; init; }

    public required byte[] Body { get; init; }

    /// <exception cref="ServiceUnreachableException">There is no answer.</exception>
    public async Task<ServiceAnswer> SendAsync(
        ServiceEndpointOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var request = Build(options, now);
        try
        {
            using var answer = await Client.SendAsync(request, cancellationToken);
            return new ServiceAnswer(
                (int)answer.StatusCode,
                answer.Headers.Concat(answer.Content.Headers).ToDictionary(
                    header => header.Key,
                    header => string.Join(", ", header.Value),
                    StringComparer.OrdinalIgnoreCase),
                await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException e)
        {
            // Recorded in error_handling/task_service_sqs.test_send_message_no_such_queue.
            throw new ServiceUnreachableException(
                e.HttpRequestError == HttpRequestError.NameResolutionError
                    ? $"{Address.Host}: Name or service not known"
                    : e.Message,
                e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServiceUnreachableException("Read timed out", e);
        }
    }

    private HttpRequestMessage Build(ServiceEndpointOptions options, DateTimeOffset now)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ByteArrayContent(Body) };
        _ = request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        List<KeyValuePair<string, string>> headers =
        [
            new("host", Address.Authority),
            new("x-amz-date", SignatureV4.TimeText(now)),
        ];
        AddIfAny("x-amz-security-token", options.Credentials?.SessionToken);
        AddIfAny("x-amz-target", Target);
        foreach (var (name, value) in headers)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value);
        }

        if (options.Credentials is { } credentials)
        {
            headers.Add(new("content-type", ContentType));
            var signed = new SignedRequest(
                "POST", Address.AbsolutePath, [], headers, Convert.ToHexStringLower(SHA256.HashData(Body)));
            _ = request.Headers.TryAddWithoutValidation(
                "Authorization", SignatureV4.Authorize(signed, credentials, options.Region, Service, now));
        }

        return request;

        void AddIfAny(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add(new(name, value));
            }
        }
    }
}

internal sealed record ServiceAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

/// <summary>The service did not answer; the message is what AWS says after "Unable to execute HTTP request".</summary>
internal sealed class ServiceUnreachableException(string message, Exception innerException)
    : Exception(message, innerException);
