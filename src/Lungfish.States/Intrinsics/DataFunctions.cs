using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Lungfish.Json;

namespace Lungfish.States.Intrinsics;

/// <summary>States.Hash, States.JsonMerge and States.UUID.</summary>
internal static class DataFunctions
{
    public static readonly IntrinsicFunction[] All =
    [
        new("States.Hash", 2, 2, Hash),
        new("States.JsonMerge", 3, 3, Merge),
        new("States.UUID", 0, 0, MakeUuid),
    ];

    [SuppressMessage("Security", "CA5350", Justification = "The language names it; nothing here is secured by it.")]
    [SuppressMessage("Security", "CA5351", Justification = "The language names it; nothing here is secured by it.")]
    private static JsonValue Hash(IntrinsicArguments arguments)
    {
        var bytes = Encoding.UTF8.GetBytes(arguments.LimitedText(0));
        var hash = arguments.Text(1) switch
        {
            "MD5" => MD5.HashData(bytes),
            "SHA-1" => SHA1.HashData(bytes),
            "SHA-256" => SHA256.HashData(bytes),
            "SHA-384" => SHA384.HashData(bytes),
            "SHA-512" => SHA512.HashData(bytes),
            _ => throw arguments.Wrong(1, "one of MD5, SHA-1, SHA-256, SHA-384, SHA-512"),
        };
        return Convert.ToHexStringLower(hash);
    }

    // Recorded in json_manipulation: members of the second object win, whole.
    private static JsonObject Merge(IntrinsicArguments arguments)
    {
        if (arguments.Value(2) is not JsonBoolean { Value: false })
        {
            throw arguments.Wrong(2, "false, because a deep merge is not supported");
        }

        return JsonObject.Of(arguments.Object(0).Concat(arguments.Object(1)));
    }

    private static JsonValue MakeUuid(IntrinsicArguments arguments)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, arguments.NextRandom());
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], arguments.NextRandom());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40); // Version 4 ...
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80); // ... of RFC 9562.
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
