using System.Security.Cryptography;
using System.Text;

namespace Lungfish.DurableFunctions;

/// <summary>Where the service is and who calls: from the environment variables that AWS's SDKs read too.</summary>
internal sealed record ServiceEndpoint(
    string Base, bool IsCustom, string Region, string? AccessKeyId, string? SecretAccessKey, string? SessionToken)
{
    private DayKey? _key;

    public static ServiceEndpoint OfEnvironment()
    {
        var region = Read("AWS_REGION") ?? Read("AWS_DEFAULT_REGION") ?? "us-east-1";
        var custom = Read("AWS_ENDPOINT_URL_LAMBDA") ?? Read("AWS_ENDPOINT_URL");
        var suffix = region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
        return new ServiceEndpoint(
            (custom ?? $"https://lambda.{region}.{suffix}").TrimEnd('/'),
            custom is not null,
            region,
            Read("AWS_ACCESS_KEY_ID"),
            Read("AWS_SECRET_ACCESS_KEY"),
            Read("AWS_SESSION_TOKEN"));
    }

    /// <summary>The headers of AWS Signature Version 4; none without credentials.</summary>
    /// <param name="method">Of the request.</param>
    /// <param name="authority">Its header Host.</param>
    /// <param name="path">As it stands in the request, escaped once.</param>
    /// <param name="query">As it stands in the request, sorted by name.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="now">The time of the signature.</param>
    public IReadOnlyList<(string Name, string Value)> Sign(
        string method, string authority, string path, string query, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (AccessKeyId is null || SecretAccessKey is null)
        {
            return [];
        }

        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var date = time[..8];
        var token = SessionToken is null ? "" : $"x-amz-security-token:{SessionToken}\n";
        var signed = SessionToken is null ? "host;x-amz-date" : "host;x-amz-date;x-amz-security-token";

        // Documented for all services but S3: the path is escaped a second time.
        var escapedTwice = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        var canonical = $"{method}\n{escapedTwice}\n{query}\nhost:{authority}\nx-amz-date:{time}\n{token}\n"
            + $"{signed}\n{Hash(body)}";
        var scope = $"{date}/{Region}/lambda/aws4_request";
        var text = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var signature = Convert.ToHexStringLower(
            HMACSHA256.HashData(Key(SecretAccessKey, date), Encoding.UTF8.GetBytes(text)));
        (string, string) authorization = (
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={AccessKeyId}/{scope}, SignedHeaders={signed}, Signature={signature}");
        return SessionToken is null
            ? [("X-Amz-Date", time), authorization]
            : [("X-Amz-Date", time), ("X-Amz-Security-Token", SessionToken), authorization];
    }

    /// <inheritdoc cref="Sign(string, string, string, string, ReadOnlySpan{byte}, DateTimeOffset)"/>
    public void Sign(
        HttpRequestMessage request, string path, string query, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var authority = request.RequestUri?.Authority ?? "";
        foreach (var (name, value) in Sign(request.Method.Method, authority, path, query, body, now))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    // The key holds for a day.
    private byte[] Key(string secret, string date)
    {
        if (_key is { } known && known.Date == date)
        {
            return known.Key;
        }

        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + secret), Encoding.UTF8.GetBytes(date));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(Region));
        key = HMACSHA256.HashData(key, "lambda"u8);
        key = HMACSHA256.HashData(key, "aws4_request"u8);
        _key = new DayKey(date, key);
        return key;
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private sealed record DayKey(string Date, byte[] Key);
}
