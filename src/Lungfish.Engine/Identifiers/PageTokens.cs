using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Lungfish.Engine.Identifiers;

/// <summary>Makes and checks the nextTokens of paged answers. A token works for the query that it came from, for a
/// day.</summary>
internal sealed class PageTokens(ReadOnlyMemory<byte> key, TimeProvider time)
{
    private const int MacLength = 16;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24); // Documented: tokens expire after 24 hours.

    private readonly byte[] _key = HMACSHA256.HashData(key.Span, "page-token"u8);

    /// <param name="query">All that must be the same when the token comes back.</param>
    /// <param name="position">Where to go on.</param>
    public string Make(string query, string position)
    {
        var text = Encoding.UTF8.GetBytes(position);
        var bytes = new byte[8 + text.Length + MacLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.GetUtcNow().ToUnixTimeMilliseconds());
        text.CopyTo(bytes.AsSpan(8));
        Mac(query, bytes.AsSpan(0, 8 + text.Length)).CopyTo(bytes.AsSpan(8 + text.Length));
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="ApiException">InvalidToken</exception>
    public string Open(string query, string token) =>
        TryOpen(query, token) ?? throw StepFunctionsErrors.InvalidToken();

    /// <returns>Null: it is of another query, too old, or none of ours.</returns>
    public string? TryOpen(string query, string token)
    {
        Span<byte> bytes = stackalloc byte[1024];
        if (token.Length > 1024
            || Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done
            || length < 8 + MacLength)
        {
            return null;
        }

        var body = bytes[..(length - MacLength)];
        if (!CryptographicOperations.FixedTimeEquals(Mac(query, body), bytes[body.Length..length]))
        {
            return null;
        }

        var madeAt = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(body));
        return time.GetUtcNow() - madeAt <= Lifetime ? Encoding.UTF8.GetString(body[8..]) : null;
    }

    private ReadOnlySpan<byte> Mac(string query, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(body);
        hmac.AppendData(Encoding.UTF8.GetBytes(query));
        return hmac.GetHashAndReset().AsSpan(0, MacLength);
    }
}
