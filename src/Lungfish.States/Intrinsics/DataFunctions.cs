using System.Buffers.Binary;
using Lungfish.Json;
using Lungfish.Jsonata.Library;

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

    private static JsonValue Hash(IntrinsicArguments arguments) =>
        StepFunctionsAdditions.FindHash(arguments.LimitedText(0), arguments.Text(1)) is { } hash
            ? hash
            : throw arguments.Wrong(1, "one of MD5, SHA-1, SHA-256, SHA-384, SHA-512");

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
