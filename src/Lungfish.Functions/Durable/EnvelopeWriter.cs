using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lungfish.Engine.Durable;

namespace Lungfish.Functions.Durable;

/// <summary>Writes what a durable function is invoked with: where its execution stands.</summary>
internal static class EnvelopeWriter
{
    /// <summary>Documented: an invocation's payload has at most 6 MB. Operations past that are read as further
    /// pages.</summary>
    public const int BytesMax = 6_291_456;

    private const int KeptBytesMax = 64 * 1024;

    private const int Room = 4096; // For the ARN, the token, the marker and the names of the members.

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Never part of a page, and full of quotes.
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Buffers? t_spare;

    public static ReadOnlyMemory<byte> Write(DurableInvocation invocation)
    {
        var buffers = t_spare ?? new Buffers();
        t_spare = null;
        var envelope = Write(buffers, invocation);
        t_spare = buffers.Whole.Capacity + buffers.One.Capacity <= KeptBytesMax ? buffers : null;
        return envelope;
    }

    private static byte[] Write(Buffers buffers, DurableInvocation invocation)
    {
        buffers.Whole.ResetWrittenCount();
        var writer = buffers.WholeWriter;
        writer.Reset(buffers.Whole);
        writer.WriteStartObject();
        writer.WriteString("DurableExecutionArn"u8, invocation.Execution.Arn);
        writer.WriteString("CheckpointToken"u8, invocation.CheckpointToken);
        writer.WriteStartObject("InitialExecutionState"u8);
        writer.WriteStartArray("Operations"u8);
        var written = WriteOperations(buffers, invocation);
        writer.WriteEndArray();
        writer.WriteString(
            "NextMarker"u8, written < invocation.Operations.Count ? invocation.MarkerAt(written) : "");
        writer.WriteEndObject();
        writer.WriteStartArray("UpdatedOperationIds"u8);
        foreach (var id in invocation.UpdatedOperationIds)
        {
            writer.WriteStringValue(id);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffers.Whole.WrittenSpan.ToArray();
    }

    /// <returns>How many there was room for. The first, which has the input, is always sent.</returns>
    private static int WriteOperations(Buffers buffers, DurableInvocation invocation)
    {
        var left = BytesMax - Room - invocation.UpdatedOperationIds.Sum(id => id.Length + 3);
        var (one, oneWriter) = (buffers.One, buffers.OneWriter);
        for (var i = 0; i < invocation.Operations.Count; i++)
        {
            one.ResetWrittenCount();
            oneWriter.Reset(one);
            OperationJson.Write(oneWriter, invocation.Operations[i], WriteMilliseconds);
            oneWriter.Flush();
            left -= one.WrittenCount + 1;
            if (left < 0 && i > 0)
            {
                return i;
            }

            buffers.WholeWriter.WriteRawValue(one.WrittenSpan, skipInputValidation: true);
        }

        return invocation.Operations.Count;
    }

    /// <summary>For the whole and for one operation of it. They grow to what they hold, so they are used again.
    /// </summary>
    private sealed class Buffers
    {
        public Buffers()
        {
            WholeWriter = new(Whole, Options);
            OneWriter = new(One, Options);
        }

        public ArrayBufferWriter<byte> Whole { get; } = new(2048);

        public ArrayBufferWriter<byte> One { get; } = new(1024);

        public Utf8JsonWriter WholeWriter { get; }

        public Utf8JsonWriter OneWriter { get; }
    }

    private static void WriteMilliseconds(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset at) =>
        writer.WriteNumber(name, at.ToUnixTimeMilliseconds());
}
