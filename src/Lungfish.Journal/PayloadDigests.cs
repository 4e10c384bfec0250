using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Lungfish.Json;

namespace Lungfish.Journal;

/// <summary>The SHA-256 of payloads; that of a value is computed once in its life.</summary>
internal static class PayloadDigests
{
    public const int Bytes = 32;

    private static readonly ConditionalWeakTable<JsonValue, Digest> Known = [];

    /// <param name="content">The compact text of the value.</param>
    public static BlobId Of(JsonValue value, byte[] content)
    {
        if (Known.TryGetValue(value, out var known))
        {
            return known.Id;
        }

        var id = Compute(content);
        Remember(value, id);
        return id;
    }

    /// <summary>The value was read from this blob.</summary>
    public static void Remember(JsonValue value, BlobId id) => Known.AddOrUpdate(value, new Digest(id));

    public static BlobId Compute(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[Bytes];
        _ = SHA256.HashData(content, digest);
        return new BlobId(Convert.ToHexStringLower(digest));
    }

    private sealed record Digest(BlobId Id);
}
