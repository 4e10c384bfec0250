using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lungfish.Integrations.S3;

/// <summary>What is signed of a request.</summary>
/// <param name="Path">Encoded as it is sent.</param>
/// <param name="Query">Names and values, not encoded.</param>
/// <param name="Headers">Names in lower case; <c>host</c> and <c>x-amz-date</c> must be among them.</param>
/// <param name="PayloadHash">SHA-256 of the body in lower-case hex.</param>
internal sealed record SignedRequest(
    string Method,
    string Path,
    IReadOnlyList<KeyValuePair<string, string>> Query,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    string PayloadHash);

/// <summary>AWS Signature Version 4.</summary>
internal static class SignatureV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The SHA-256 of an empty body.</summary>
    public const string EmptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>The value of the Authorization header.</summary>
    /// <param name="service"><c>s3</c>, <c>sqs</c>, <c>sns</c>.</param>
    public static string Authorize(
        SignedRequest request, AwsCredentials credentials, string region, string service, DateTimeOffset now)
    {
        var date = now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var scope = $"{date}/{region}/{service}/aws4_request";
        var headers = request.Headers.OrderBy(header => header.Key, StringComparer.Ordinal).ToList();
        var signedHeaders = string.Join(';', headers.Select(header => header.Key));
        var canonical = string.Join(
            '\n',
            request.Method,
            request.Path,
            CanonicalQuery(request.Query),
            string.Concat(headers.Select(header => $"{header.Key}:{Trimmed(header.Value)}\n")),
            signedHeaders,
            request.PayloadHash);
        var toSign = string.Join(
            '\n',
            Algorithm,
            TimeText(now),
            scope,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));

        var key = Encoding.UTF8.GetBytes("AWS4" + credentials.SecretAccessKey);
        foreach (var part in (string[])[date, region, service, "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={signedHeaders}, "
            + $"Signature={signature}";
    }

    /// <summary>The value of <c>x-amz-date</c>.</summary>
    public static string TimeText(DateTimeOffset now) =>
        now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Encodes all but letters, digits and <c>-._~</c>, byte by byte.</summary>
    public static string Encode(string text, bool keepSlash)
    {
        var encoded = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            _ = char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' || (keepSlash && c == '/')
                ? encoded.Append(c)
                : encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>Sorted by encoded name, then by encoded value.</summary>
    public static string CanonicalQuery(IReadOnlyList<KeyValuePair<string, string>> query) => string.Join(
        '&',
        query
            .Select(pair => (Name: Encode(pair.Key, keepSlash: false), Value: Encode(pair.Value, keepSlash: false)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}"));

    /// <summary>Without white space around, and with runs of spaces as one.</summary>
    private static string Trimmed(string value) =>
        string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
