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

    private const int Room = 4096; // For the ARN, the token, the marker and the names of the members.

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Never part of a page, and full of quotes.
        SkipValidation = true,
    };

    public static ReadOnlyMemory<byte> Write(DurableInvocation invocation)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteString("DurableExecutionArn"u8, invocation.Execution.Arn);
        writer.WriteString("CheckpointToken"u8, invocation.CheckpointToken);
        writer.WriteStartObject("InitialExecutionState"u8);
        writer.WriteStartArray("Operations"u8);
        var written = WriteOperations(writer, invocation);
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
        return buffer.WrittenMemory;
    }

    /// <returns>How many there was room for. The first, which has the input, is always sent.</returns>
    private static int WriteOperations(Utf8JsonWriter writer, DurableInvocation invocation)
    {
        var left = BytesMax - Room - invocation.UpdatedOperationIds.Sum(id => id.Length + 3);
        var one = new ArrayBufferWriter<byte>(1024);
        using var oneWriter = new Utf8JsonWriter(one, Options);
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

            writer.WriteRawValue(one.WrittenSpan, skipInputValidation: true);
        }

        return invocation.Operations.Count;
    }

    private static void WriteMilliseconds(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset at) =>
        writer.WriteNumber(name, at.ToUnixTimeMilliseconds());
}
