using System.Text;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Durable.Tests.Testing;
using Lungfish.Journal;
using static Lungfish.Durable.Tests.Testing.Updates;

namespace Lungfish.Durable.Tests.Journal;

public sealed class FactCodecTests
{
    private static readonly HistoryEvent s_fullEvent = new()
    {
        EventId = 7,
        Type = HistoryEventType.ExecutionStarted,
        Timestamp = Life.Noon,
        OperationId = "id",
        Name = "name",
        ParentId = "parent",
        SubType = "Step",
        Details = new EventDetails
        {
            Payload = "",
            Error = new ErrorObject { ErrorType = "T", ErrorMessage = "M", ErrorData = "D", StackTrace = ["a", ""] },
            ReplayChildren = true,
            CurrentAttempt = 3,
            NextAttemptDelaySeconds = 0,
            Duration = 5,
            ScheduledEndAt = Life.Noon.AddYears(1),
            CallbackId = "cb",
            Timeout = 1,
            HeartbeatTimeout = 2,
            Target = new ChainedTarget("f", "{}", "tenant", "arn", "1", "child", IsSent: true),
            Identity = Life.Identity with { ParentArn = "parent" },
            Invocation = new InvocationTimes("request", Life.Noon.AddTicks(-1), Life.Noon.AddTicks(1)),
        },
    };

    public static TheoryData<Fact> Facts => [.. Samples];

    internal static IReadOnlyList<Fact> Samples { get; } =
    [
        s_fullEvent,
        s_fullEvent with { OperationId = null, Name = null, ParentId = null, SubType = null },
        s_fullEvent with { Details = EventDetails.None, EventId = long.MaxValue, Timestamp = DateTimeOffset.MaxValue },
        s_fullEvent with { Details = new EventDetails { Error = ErrorObject.Empty } },
        s_fullEvent with { Details = new EventDetails { Error = new ErrorObject { StackTrace = [] } } },
        s_fullEvent with { Details = new EventDetails { Identity = Life.Identity } },
        s_fullEvent with
        {
            Details = new EventDetails { Target = new ChainedTarget("f", null, null, null, null, null, IsSent: false) },
        },
        new InvocationStarted(1, "request", Life.Noon),
        new InvocationRetryScheduled(Life.Noon),
        new CheckpointAccepted(new CheckpointToken(3, 4), null, Life.Noon),
        new CheckpointAccepted(new CheckpointToken(3, 4), "client", Life.Noon),
        new RetryDelayEnded(5),
        new HeartbeatReceived(6, Life.Noon),
        new InvokeSent(7),
        new OperationsReset([]),
        new OperationsReset([1, 2, 3_000]),
    ];

    [Theory]
    [MemberData(nameof(Facts))]
    public void Decode_OfAnEncodedFact_IsThatFact(Fact fact) =>
        Assert.Equal(fact, Assert.Single(Decode(FactCodec.Encode([fact]))));

    [Fact]
    public void Decode_OfEveryEventType_IsThatType()
    {
        Fact[] events = [.. Enum.GetValues<HistoryEventType>().Select(type => s_fullEvent with { Type = type })];

        Assert.Equal(events, Decode(FactCodec.Encode(events)));
    }

    [Fact]
    public void Encode_TimesOfAnotherOffset_AreTheSameMoments()
    {
        var fact = new InvocationRetryScheduled(Life.Noon.ToOffset(TimeSpan.FromHours(5)));

        Assert.Equal(fact, Assert.Single(Decode(FactCodec.Encode([fact]))));
    }

    [Theory]
    [InlineData("\ud800")]
    [InlineData("\udc00\ud800")]
    [InlineData("\ud83d\ude00 \0 \uffff")]
    public void Decode_AnyText_IsKept(string text)
    {
        foreach (var payload in new[] { text, text + new string('x', SegmentWriter.InlineBytesMax) })
        {
            var fact = s_fullEvent with
            {
                Name = text,
                Details = new EventDetails { Payload = payload, Error = new ErrorObject { ErrorMessage = payload } },
            };

            Assert.Equal(fact, Assert.Single(Decode(FactCodec.Encode([fact]))));
        }
    }

    [Theory]
    [InlineData(SegmentWriter.InlineBytesMax, 0)]
    [InlineData(SegmentWriter.InlineBytesMax + 1, 1)]
    public void Encode_ALongPayload_IsABlob(int length, int blobs)
    {
        var payload = new string('x', length);
        var fact = s_fullEvent with { Details = new EventDetails { Payload = payload } };

        var segment = FactCodec.Encode([fact, fact with { EventId = 8 }]);

        Assert.Equal(blobs, segment.Blobs.Length); // The second payload is the first one.
        Assert.All(segment.Blobs, blob => Assert.Equal(payload, Encoding.UTF8.GetString(blob.Content.Span)));
        Assert.Equal([fact, fact with { EventId = 8 }], Decode(segment));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\ud800")]
    public void Decode_SegmentsThatNameOnePayload_FetchItOnceAndShareIt(string begin)
    {
        var payload = begin + new string('x', SegmentWriter.InlineBytesMax);
        var fact = s_fullEvent with { Details = new EventDetails { Payload = payload } };
        var segment = FactCodec.Encode([fact]);
        var payloads = new PayloadCache();
        var fetched = 0;

        var first = Assert.Single(FactCodec.Decode(segment.Segment.Span, Fetch, payloads));
        var second = Assert.Single(FactCodec.Decode(segment.Segment.Span, Fetch, payloads));

        Assert.Equal(1, fetched);
        Assert.Equal(fact, first);
        Assert.Same(((HistoryEvent)first).Details.Payload, ((HistoryEvent)second).Details.Payload);

        ReadOnlyMemory<byte> Fetch(BlobId id)
        {
            fetched++;
            return segment.Blobs.Single(blob => blob.Id == id).Content;
        }
    }

    [Fact]
    public void Decode_ABlobOfAnotherContent_IsCorrupt()
    {
        var segment = FactCodec.Encode([s_fullEvent with
        {
            Details = new EventDetails { Payload = new string('x', SegmentWriter.InlineBytesMax + 1) },
        }]);

        _ = Assert.Throws<CorruptJournalException>(
            () => FactCodec.Decode(segment.Segment.Span, _ => "other"u8.ToArray()));
    }

    [Fact]
    public void Decode_AnyFlippedByte_IsCorrupt()
    {
        var bytes = FactCodec.Encode(Samples).Segment.ToArray();
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            _ = Assert.Throws<CorruptJournalException>(() => FactCodec.Decode(bytes, _ => default));
            bytes[i] ^= 0x10;
        }
    }

    [Fact]
    public void Encode_AStep_TakesFewBytes()
    {
        var life = Life.Started();
        var before = life.Facts.Count;
        _ = life.Checkpoint(StepDone("0123456789abcdef0123456789abcdef"));

        Assert.InRange(FactCodec.Encode([.. life.Facts.Skip(before)]).Segment.Length, 1, 150);
    }

    internal static IEnumerable<Fact> Decode(JournalSegment segment)
    {
        var blobs = segment.Blobs.ToDictionary(blob => blob.Id, blob => blob.Content);
        return FactCodec.Decode(segment.Segment.Span, id => blobs[id]);
    }
}
