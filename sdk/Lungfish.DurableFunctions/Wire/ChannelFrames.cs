using System.Buffers.Binary;
using System.Text;

namespace Lungfish.DurableFunctions;

/// <summary>What a frame is; the numbers are those of the server's protocol.</summary>
internal enum FrameType : byte
{
    /// <summary>So many invocations more may come, which is the frame's number. An answer says so by itself.</summary>
    Ready = 1,

    /// <summary>To the invocation of that number.</summary>
    Answer = 2,

    /// <summary>What the invocation of that number has failed with.</summary>
    Error = 3,

    /// <summary>A checkpoint with its execution, under a number of our own.</summary>
    Checkpoint = 4,

    /// <summary>What is told of an invocation, and its event.</summary>
    Invocation = 5,

    /// <summary>The status of a call as of HTTP, and JSON.</summary>
    CallAnswer = 6,
}

/// <summary>A frame that has come in.</summary>
internal readonly record struct Frame(FrameType Type, uint Number, byte[] Body)
{
    public const int HeaderBytes = 9;

    private const int TypeAt = 4;
    private const int NumberAt = 5;

    public static void WriteHeader(Span<byte> to, FrameType type, uint number, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, length);
        to[TypeAt] = (byte)type;
        BinaryPrimitives.WriteUInt32LittleEndian(to[NumberAt..], number);
    }

    /// <summary>Reads a frame off the beginning of what has come in.</summary>
    /// <exception cref="HttpRequestException">No server of ours sends it.</exception>
    public static bool TryRead(ref ReadOnlySpan<byte> from, out Frame frame)
    {
        frame = default;
        if (from.Length < HeaderBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(from);
        if (length < 0)
        {
            throw new HttpRequestException("The server has sent a frame that is too long.");
        }

        if (from.Length - HeaderBytes < length)
        {
            return false;
        }

        frame = new Frame(
            (FrameType)from[TypeAt],
            BinaryPrimitives.ReadUInt32LittleEndian(from[NumberAt..]),
            from.Slice(HeaderBytes, length).ToArray());
        from = from[(HeaderBytes + length)..];
        return true;
    }

    /// <summary>The invocation that it hands out.</summary>
    public RuntimeInvocation ReadInvocation()
    {
        var told = Body.AsSpan();
        var requestId = ReadText(ref told);
        var deadline = long.Parse(ReadText(ref told), System.Globalization.CultureInfo.InvariantCulture);
        var functionArn = ReadText(ref told);
        var traceId = ReadText(ref told);
        ReadText(ref told); // The caller's own context, which durable functions have none of.
        var tenantId = ReadText(ref told);
        var context = new LambdaContext
        {
            Deadline = DateTimeOffset.FromUnixTimeMilliseconds(deadline),
            AwsRequestId = requestId,
            InvokedFunctionArn = functionArn,
            TenantId = tenantId.Length == 0 ? null : tenantId,
            TraceId = traceId,
        };
        return new RuntimeInvocation(requestId, context, Body.AsMemory(Body.Length - told.Length));
    }

    private static string ReadText(ref Span<byte> told)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(told);
        var text = Encoding.UTF8.GetString(told.Slice(sizeof(ushort), length));
        told = told[(sizeof(ushort) + length)..];
        return text;
    }
}
