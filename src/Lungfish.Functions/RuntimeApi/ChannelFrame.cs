using System.Buffers.Binary;

namespace Lungfish.Functions.RuntimeApi;

/// <summary>What a frame is; the numbers are the protocol's (docs/decisions/0016).</summary>
internal enum FrameType : byte
{
    /// <summary>To the server: the process takes so many invocations more, which is the frame's number. An answer gives
    /// one back by itself.</summary>
    Ready = 1,

    /// <summary>To the server: the answer to the invocation of that number.</summary>
    Answer = 2,

    /// <summary>To the server: the error that the invocation of that number has failed with.</summary>
    Error = 3,

    /// <summary>To the server: a checkpoint, with its execution, under a number of the process's own.</summary>
    Checkpoint = 4,

    /// <summary>To the process: what is told of an invocation, and its payload.</summary>
    Invocation = 5,

    /// <summary>To the process: the answer to the call of that number: its status as of HTTP in two bytes, and
    /// JSON.</summary>
    CallAnswer = 6,
}

/// <summary>What stands before each frame's body: its length, its type and its number.</summary>
/// <param name="Length">Of the body alone.</param>
internal readonly record struct FrameHeader(FrameType Type, uint Number, uint Length)
{
    public const int Bytes = 9;

    private const int TypeAt = 4;
    private const int NumberAt = 5;

    public static FrameHeader Read(ReadOnlySpan<byte> from) => new(
        (FrameType)from[TypeAt],
        BinaryPrimitives.ReadUInt32LittleEndian(from[NumberAt..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from));

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Length);
        to[TypeAt] = (byte)Type;
        BinaryPrimitives.WriteUInt32LittleEndian(to[NumberAt..], Number);
    }
}

/// <summary>A frame that has come in.</summary>
/// <param name="Body">Where it was read to: it is another one's when more is read. Empty if it was longer than
/// allowed.</param>
/// <param name="IsTooLong">Its body was read and dropped.</param>
internal readonly record struct Frame(FrameHeader Header, ReadOnlyMemory<byte> Body, bool IsTooLong);

/// <summary>The other side broke a rule of the protocol: the channel cannot go on.</summary>
internal sealed class ChannelBrokenException(string reason) : Exception(reason);
