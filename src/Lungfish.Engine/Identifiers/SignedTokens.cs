using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Lungfish.Engine.Identifiers;

/// <summary>Makes and checks tokens that say, authenticated, what of which execution they stand for.</summary>
/// <remarks>base64 of version, key id, slot, execution, numbers, MAC. The version byte makes every token begin with a
/// letter.</remarks>
internal sealed class SignedTokens
{
    private const byte Version = 1;
    private const int HeadLength = 1 + 1 + 2 + 16;
    private const int MacLength = 16;
    private const int LengthMax = HeadLength + (8 * 4) + MacLength;

    private readonly byte[] _key;

    // To key one anew costs several times what it costs to sign with it.
    private readonly ConcurrentBag<IncrementalHash> _keyed = [];
    private readonly byte _keyId;
    private readonly int _bodyLength;
    private readonly bool _isForUrls;

    /// <param name="key">At least 32 bytes.</param>
    /// <param name="purpose">What signs tokens of one purpose signs no others.</param>
    /// <param name="numbers">How many numbers stand in each token.</param>
    /// <param name="isForUrls">The alphabet that needs no escapes in URLs and shells; else base64's own.</param>
    public SignedTokens(ReadOnlyMemory<byte> key, ReadOnlySpan<byte> purpose, int numbers, bool isForUrls)
    {
        if (key.Length < 32)
        {
            throw new ArgumentException("The token key must have at least 32 bytes.", nameof(key));
        }

        _key = HMACSHA256.HashData(key.Span, purpose);
        _keyId = HMACSHA256.HashData(key.Span, "key-id"u8)[0];
        _bodyLength = HeadLength + (8 * numbers);
        _isForUrls = isForUrls;
    }

    public string Make(ExecutionId execution, params ReadOnlySpan<long> numbers)
    {
        Span<byte> bytes = stackalloc byte[LengthMax];
        bytes = bytes[..(_bodyLength + MacLength)];
        bytes[0] = Version;
        bytes[1] = _keyId;
        BinaryPrimitives.WriteInt16BigEndian(bytes[2..], execution.Slot.Number);
        _ = execution.Uuid.TryWriteBytes(bytes[4..], bigEndian: true, out _);
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes[(HeadLength + (8 * i))..], numbers[i]);
        }

        Sign(bytes[.._bodyLength], bytes[_bodyLength..]);
        return Encode(bytes);
    }

    /// <summary>Checks a token before anything is looked up.</summary>
    /// <returns>False: we never gave it out.</returns>
    public bool TryOpen(string token, out ExecutionId execution, Span<long> numbers)
    {
        execution = default;
        Span<byte> bytes = stackalloc byte[LengthMax];
        Span<byte> mac = stackalloc byte[MacLength];
        if (token.Length > LengthMax * 2
            || !TryDecode(token, bytes, out var length)
            || length != _bodyLength + MacLength
            || Encode(bytes[..length]) != token) // Base64 leaves room for several spellings of the same bytes.
        {
            return false;
        }

        Sign(bytes[.._bodyLength], mac);
        var genuine = CryptographicOperations.FixedTimeEquals(mac, bytes[_bodyLength..length]);
        var slot = BinaryPrimitives.ReadInt16BigEndian(bytes[2..]);
        if (!genuine || bytes[0] != Version || bytes[1] != _keyId || slot is < 0 or >= Slot.Count)
        {
            return false;
        }

        execution = new ExecutionId(new Slot(slot), new Guid(bytes.Slice(4, 16), bigEndian: true));
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadInt64BigEndian(bytes[(HeadLength + (8 * i))..]);
        }

        return true;
    }

    private string Encode(ReadOnlySpan<byte> bytes) =>
        _isForUrls ? Base64Url.EncodeToString(bytes) : Convert.ToBase64String(bytes);

    private bool TryDecode(string token, Span<byte> bytes, out int length) => _isForUrls
        ? Base64Url.DecodeFromChars(token, bytes, out _, out length) == OperationStatus.Done
        : Convert.TryFromBase64String(token, bytes, out length);

    private void Sign(ReadOnlySpan<byte> body, Span<byte> mac)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var keyed = _keyed.TryTake(out var idle) ? idle : IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        keyed.AppendData(body);
        _ = keyed.GetHashAndReset(hash);
        _keyed.Add(keyed); // Not after an exception: who knows what it has taken in by then.
        hash[..MacLength].CopyTo(mac);
    }
}
