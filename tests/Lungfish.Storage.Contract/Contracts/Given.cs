using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Journal;
using Lungfish.States.Deciding;

namespace Lungfish.Storage.Contract.Contracts;

/// <summary>Values for the tests. A store does not look into segments, so any bytes will do.</summary>
public static class Given
{
    public const string Orders = "arn:aws:states:us-east-1:000000000000:stateMachine:Orders";
    public const string Refunds = "arn:aws:states:us-east-1:000000000000:stateMachine:Refunds";

    public const string Function = "arn:aws:lambda:us-east-1:000000000000:function:orders";

    public static readonly PartitionId Partition = new(0);
    public static readonly SlotRange AllSlots = new(0, Slot.Count);

    /// <summary>With a part below the millisecond: what was written must read back as it was.</summary>
    public static readonly DateTimeOffset Noon =
        new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);

    /// <summary>An execution that began that many seconds after noon, with its first segment.</summary>
    public static ExecutionDelta Birth(string name, string machine = Orders, int second = 0)
    {
        var key = new ExecutionKey(machine, name);
        var startedAt = Noon.AddSeconds(second);
        return new ExecutionDelta
        {
            Id = new ExecutionId(key.Slot, Guid.CreateVersion7(startedAt)),
            Birth = new ExecutionBirth(key, "revision-1", startedAt),
            Journal = Segment(0, 1, 2),
        };
    }

    /// <summary>What comes after <paramref name="birth"/>, without anything in it yet.</summary>
    public static ExecutionDelta After(ExecutionDelta birth) => new() { Id = birth.Id };

    public static NewSegment Segment(int sequence, long firstEventId, int eventCount, params string[] payloads) => new(
        sequence, firstEventId, eventCount,
        new JournalSegment(
            Bytes(string.Create(CultureInfo.InvariantCulture, $"segment {sequence}")), [.. payloads.Select(Blob)]));

    public static Blob Blob(string content) =>
        new(new BlobId(Convert.ToHexStringLower(SHA256.HashData(Bytes(content)))), Bytes(content));

    public static Closed Closed(ExecutionStatus status = ExecutionStatus.Succeeded, int second = 10) =>
        new(status, Noon.AddSeconds(second), Bytes("{}"), null, null);

    public static StoredCallback Callback(ExecutionDelta birth, long taskId, int second = 0) => new(
        birth.Id, taskId, Key(birth), "Approve", "task-token",
        "arn:aws:states:::lambda:invoke.waitForTaskToken", Noon.AddSeconds(second), null);

    public static ExecutionKey Key(ExecutionDelta birth) =>
        birth.Birth?.Key ?? throw new ArgumentException("Not a birth.", nameof(birth));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>So that two values can be compared that hold bytes.</summary>
    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
