using System.Diagnostics;
using Lungfish.Journal;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.States.Journal;

/// <summary>The facts of map runs as bytes: since version 2 of the format.</summary>
internal static class MapRunCodec
{
    public static void Write(SegmentWriter writer, Fact fact)
    {
        switch (fact)
        {
            case ItemsRead read:
                writer.WriteByte(FactKind.ItemsRead);
                writer.WriteNumber(read.MapRun);
                writer.WriteValue(read.Items);
                WriteOptional(writer, read.Next);
                writer.WriteString(read.Origin);
                break;
            case ChildStarted started:
                writer.WriteByte(FactKind.ChildStarted);
                writer.WriteNumber(started.MapRun);
                writer.WriteNumber(started.Index);
                writer.WriteNumber(started.ItemCount);
                WriteOptional(writer, started.Input);
                break;
            case ChildClosed closed:
                writer.WriteByte(FactKind.ChildClosed);
                writer.WriteNumber(closed.MapRun);
                writer.WriteNumber(closed.Index);
                writer.WriteByte((byte)closed.Status);
                WriteOptional(writer, closed.Result);
                break;
            case MapRunUpdated updated:
                writer.WriteByte(FactKind.MapRunUpdated);
                writer.WriteNumber(updated.MapRun);
                WriteLimits(writer, updated.Limits);
                break;
            default:
                throw new UnreachableException($"No encoding for {fact.GetType().Name}.");
        }
    }

    public static Fact Read(ref SegmentReader reader, byte kind)
    {
        var mapRun = reader.ReadNumber();
        return kind switch
        {
            FactKind.ItemsRead => new ItemsRead(
                mapRun, reader.ReadValue(), ReadOptionalString(ref reader), reader.ReadString()),
            FactKind.ChildStarted => new ChildStarted(
                mapRun, reader.ReadNumber(), reader.ReadInt32(), ReadOptionalValue(ref reader)),
            FactKind.ChildClosed => new ChildClosed(
                mapRun, reader.ReadNumber(), ReadStatus(ref reader), ReadOptionalValue(ref reader)),
            FactKind.MapRunUpdated => new MapRunUpdated(mapRun, ReadLimits(ref reader)),
            _ => throw new CorruptJournalException($"There is no fact of kind {kind}."),
        };
    }

    public static void WritePlan(SegmentWriter writer, MapRunPlan plan)
    {
        writer.WriteString(plan.Arn);
        writer.WriteValue(plan.Input);
        WriteOptional(writer, plan.Items);
        WriteLimits(writer, plan.Limits);
        WriteFlag(writer, plan.IsExpress);
        writer.WriteNumber(plan.ItemsMax);
        WriteFlag(writer, plan.IsBatched);
        writer.WriteNumber(plan.BatchItemsMax);
        writer.WriteNumber(plan.BatchBytesMax);
        WriteOptional(writer, plan.BatchInput);
        WriteOptional(writer, plan.ReaderParameters);
        WriteOptional(writer, plan.WriterParameters);
    }

    public static MapRunPlan ReadPlan(ref SegmentReader reader) => new()
    {
        Arn = reader.ReadString(),
        Input = reader.ReadValue(),
        Items = ReadOptionalValue(ref reader),
        Limits = ReadLimits(ref reader),
        IsExpress = ReadFlag(ref reader),
        ItemsMax = reader.ReadNumber(),
        IsBatched = ReadFlag(ref reader),
        BatchItemsMax = reader.ReadNumber(),
        BatchBytesMax = reader.ReadNumber(),
        BatchInput = ReadOptionalValue(ref reader),
        ReaderParameters = ReadOptionalValue(ref reader),
        WriterParameters = ReadOptionalValue(ref reader),
    };

    private static void WriteLimits(SegmentWriter writer, MapRunLimits limits)
    {
        writer.WriteNumber(limits.ConcurrencyMax);
        writer.WriteNumber(limits.ToleratedCount);
        writer.WriteNumber(BitConverter.DoubleToInt64Bits(limits.ToleratedPercentage));
    }

    private static MapRunLimits ReadLimits(ref SegmentReader reader) => new(
        reader.ReadNumber(), reader.ReadNumber(), BitConverter.Int64BitsToDouble(reader.ReadNumber()));

    private static ExecutionStatus ReadStatus(ref SegmentReader reader)
    {
        var status = (ExecutionStatus)reader.ReadByte();
        return Enum.IsDefined(status)
            ? status
            : throw new CorruptJournalException($"There is no status {(byte)status}.");
    }

    private static void WriteOptional(SegmentWriter writer, JsonValue? value)
    {
        WriteFlag(writer, value is not null);
        writer.WriteValue(value);
    }

    private static void WriteOptional(SegmentWriter writer, string? text)
    {
        WriteFlag(writer, text is not null);
        writer.WriteString(text);
    }

    private static JsonValue? ReadOptionalValue(ref SegmentReader reader) =>
        ReadFlag(ref reader) ? reader.ReadValue() : null;

    private static string? ReadOptionalString(ref SegmentReader reader) =>
        ReadFlag(ref reader) ? reader.ReadString() : null;

    private static void WriteFlag(SegmentWriter writer, bool flag) => writer.WriteByte(flag ? (byte)1 : (byte)0);

    private static bool ReadFlag(ref SegmentReader reader) => reader.ReadByte() != 0;
}
