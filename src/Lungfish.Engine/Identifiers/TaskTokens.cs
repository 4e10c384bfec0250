using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Lungfish.Engine.Identifiers;

/// <summary>The task that a token completes.</summary>
internal readonly record struct TaskAddress(ExecutionId Execution, long TaskId);

/// <summary>Makes and checks task tokens: they say, authenticated, which task they complete.</summary>
/// <remarks>base64url of version, key id, slot, execution, task, MAC. The version byte makes every token begin with a
/// letter, and the alphabet needs no quotes in a shell.</remarks>
internal sealed class TaskTokens
{
    private const byte Version = 1;
    private const int BodyLength = 1 + 1 + 2 + 16 + 8;
    private const int MacLength = 16;
    private const int TokenLength = ((BodyLength + MacLength) * 4 / 3) + 1; // 44 bytes: 58 and 2/3 characters.

    private readonly byte[] _key;
    private readonly byte _keyId;

    public TaskTokens(ReadOnlyMemory<byte> key)
    {
        if (key.Length < 32)
        {
            throw new ArgumentException("The token key must have at least 32 bytes.", nameof(key));
        }

        // One key, two purposes: what signs task tokens signs nothing else.
        _key = HMACSHA256.HashData(key.Span, "task-token"u8);
        _keyId = HMACSHA256.HashData(key.Span, "key-id"u8)[0];
    }

    public string Make(TaskAddress task)
    {
        Span<byte> bytes = stackalloc byte[BodyLength + MacLength];
        bytes[0] = Version;
        bytes[1] = _keyId;
        BinaryPrimitives.WriteInt16BigEndian(bytes[2..], task.Execution.Slot.Number);
        _ = task.Execution.Uuid.TryWriteBytes(bytes[4..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[20..], task.TaskId);
        Sign(bytes[..BodyLength], bytes[BodyLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Checks a token before anything is looked up.</summary>
    /// <exception cref="ApiException">InvalidToken: we never gave it out.</exception>
    public TaskAddress Open(string token)
    {
        Span<byte> bytes = stackalloc byte[BodyLength + MacLength];
        Span<byte> mac = stackalloc byte[MacLength];
        Span<char> again = stackalloc char[TokenLength];
        if (token.Length != TokenLength
            || Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done
            || length != bytes.Length
            || !Base64Url.TryEncodeToChars(bytes, again, out _)
            || !again.SequenceEqual(token)) // Base64 leaves room for several spellings of the same bytes.
        {
            throw StepFunctionsErrors.InvalidToken();
        }

        Sign(bytes[..BodyLength], mac);
        var genuine = CryptographicOperations.FixedTimeEquals(mac, bytes[BodyLength..]);
        var slot = BinaryPrimitives.ReadInt16BigEndian(bytes[2..]);
        if (!genuine || bytes[0] != Version || bytes[1] != _keyId || slot is < 0 or >= Slot.Count)
        {
            throw StepFunctionsErrors.InvalidToken();
        }

        var execution = new ExecutionId(new Slot(slot), new Guid(bytes.Slice(4, 16), bigEndian: true));
        return new TaskAddress(execution, BinaryPrimitives.ReadInt64BigEndian(bytes[20..]));
    }

    private void Sign(ReadOnlySpan<byte> body, Span<byte> mac)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _ = HMACSHA256.HashData(_key, body, hash);
        hash[..MacLength].CopyTo(mac);
    }
}
