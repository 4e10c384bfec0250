using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Lungfish.Journal;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Tests.Deciding;

namespace Lungfish.States.Tests.Journal;

public sealed class FactCodecTests
{
    private static readonly Func<BlobId, ReadOnlyMemory<byte>> s_noBlobs = id =>
        throw new InvalidOperationException($"Nobody stored {id.Hex}.");

    [Fact]
    public void Decode_EveryKindOfFact_GivesTheSame()
    {
        Fact[] facts =
        [
            new WaitScheduled(new ScopeId(7, 3), World.Noon.AddTicks(1)),
            new RetryScheduled(ScopeId.Root, 2, World.Noon, 99),
            new HeartbeatReceived(12, World.Noon.AddYears(-100)),
            new TurnYielded(true),
            new TurnYielded(false),
        ];

        Assert.Equal(facts, RoundTrip(facts).AsEnumerable());
    }

    [Fact]
    public void Decode_EveryTypeOfEvent_GivesTheSame()
    {
        var facts = Enum.GetValues<HistoryEventType>().Select((type, i) => new HistoryEvent
        {
            Id = i + 1,
            PreviousEventId = i,
            Timestamp = World.Noon.AddMilliseconds(i),
            Type = type,
            Scope = new ScopeId(i / 5, i % 5),
            Details = new EventDetails
            {
                Name = "state",
                Input = JsonObject.Of("a", i),
                Output = "out",
                Error = i % 2 == 0 ? null : "E",
                Cause = "",
                Resource = "invoke",
                ResourceType = "lambda",
                Region = "us-east-1",
                WorkerName = "w",
                TimeoutInSeconds = 99_999_999,
                HeartbeatInSeconds = 0,
                Index = i,
                Length = long.MaxValue,
                Next = "next",
                Items = JsonArray.Of(1, "2"),
                ConcurrencyMax = 3,
                Identity = World.Identity,
            },
        }).ToArray<Fact>();

        Assert.Equal(facts, RoundTrip(facts).AsEnumerable());
    }

    [Fact]
    public void Decode_SameInstanceTwice_GivesOneInstance()
    {
        var value = JsonObject.Of("a", "shared");
        var equal = JsonObject.Of("a", "shared");

        var decoded = RoundTrip([Exit(1, value), Exit(2, value), Exit(3, equal)]).Cast<HistoryEvent>().ToArray();

        Assert.Same(decoded[0].Details.Output, decoded[1].Details.Output);
        Assert.NotSame(decoded[0].Details.Output, decoded[2].Details.Output);
        Assert.Equal(value, decoded[2].Details.Output);
    }

    [Fact]
    public void Encode_SameInstanceManyTimes_WritesItOnce()
    {
        JsonValue value = new string('x', 5_000);
        var facts = Enumerable.Range(1, 100).Select(i => Exit(i, value)).ToArray<Fact>();

        var segment = FactCodec.Encode(facts);

        Assert.InRange(segment.Segment.Length, 5_000, 7_000);
        Assert.Equal(facts, FactCodec.Decode(segment.Segment.Span, s_noBlobs).AsEnumerable());
    }

    [Theory]
    [InlineData(8 * 1024, 0)]
    [InlineData((8 * 1024) + 1, 1)]
    public void Encode_PayloadAroundTheLimit_GoesToABlobAboveIt(int bytes, int blobs)
    {
        JsonValue value = new string('x', bytes - 2); // Its text has the quotes.

        var segment = FactCodec.Encode([Exit(1, value), Exit(2, value)]);

        Assert.Equal(blobs, segment.Blobs.Length);
        Assert.Equal(value, ((HistoryEvent)Decode(segment)[1]).Details.Output);
    }

    [Fact]
    public void Encode_LargePayload_NamesTheBlobByItsSha256()
    {
        JsonValue value = new string('x', 10_000);

        var blob = Assert.Single(FactCodec.Encode([Exit(1, value)]).Blobs);

        Assert.Equal(value.ToUtf8(), blob.Content.ToArray());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(blob.Content.Span)), blob.Id.Hex);
    }

    [Fact]
    public void Encode_LargeValueThatWasDecoded_NamesTheSameBlob()
    {
        var first = FactCodec.Encode([Exit(1, new string('x', 10_000))]);
        var decoded = Decode(first);

        Assert.Equal(first.Blobs[0].Id, FactCodec.Encode(decoded).Blobs[0].Id);
    }

    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""")]
    [InlineData(""" { "a" : 1.50 , "b":[1, 2],"a":1.50 } """)]
    [InlineData("\"\\u00e9\\/\"")]
    public void Decode_Start_KeepsTheTextOfTheInput(string text)
    {
        var started = (HistoryEvent)RoundTrip([Started(text)])[0];

        Assert.Equal(text, started.Details.InputText);
        Assert.Equal(JsonValue.Parse(text), started.Details.Input);
        Assert.Equal(World.Identity, started.Details.Identity);
    }

    [Fact]
    public void Decode_StartWithALargeText_KeepsTheText()
    {
        var text = $$"""  { "a" : "{{new string('x', 20_000)}}" }  """;

        var segment = FactCodec.Encode([Started(text)]);

        Assert.Single(segment.Blobs);
        Assert.Equal(text, ((HistoryEvent)Decode(segment)[0]).Details.InputText);
    }

    [Fact]
    public void Decode_LargeInputPassedOnInALaterSegment_IsWhatItWas()
    {
        var started = (HistoryEvent)Started($$"""  { "a" : "{{new string('x', 20_000)}}" }  """);
        _ = FactCodec.Encode([started]);

        var segment = FactCodec.Encode([Exit(2, started.Details.Input ?? JsonValue.Null)]);

        Assert.Equal(started.Details.Input, ((HistoryEvent)Decode(segment)[0]).Details.Output);
    }

    [Theory]
    [InlineData("a\ud800b")]
    [InlineData("\udc00")]
    [InlineData("\ud83c\udd97")]
    [InlineData("")]
    public void Decode_AnyText_IsWhatItWas(string text)
    {
        var details = new EventDetails { Error = text, Cause = text, Output = text };
        Fact[] facts = [Exit(1, text) with { Details = details }];

        Assert.Equal(facts, RoundTrip(facts).AsEnumerable());
    }

    [Fact]
    public void Decode_InputTextWithALoneSurrogate_KeepsTheText()
    {
        var started = (HistoryEvent)Started("\"a\ud800b\"");

        Assert.Equal(started, RoundTrip([started])[0]);
    }

    [Fact]
    public void Decode_ValueNestedDeeperThanWhatComesFromOutside_IsWhatItWas()
    {
        JsonValue value = 1;
        for (var i = 0; i < 12_000; i++)
        {
            value = JsonObject.Of("x", value);
        }

        Assert.Equal(value.ToText(), ((HistoryEvent)RoundTrip([Exit(1, value)])[0]).Details.Output?.ToText());
    }

    [Fact]
    public void Decode_OneBitFlipped_IsCorrupt()
    {
        var bytes = FactCodec.Encode(SomeFacts()).Segment.ToArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            _ = Assert.Throws<CorruptJournalException>(() => FactCodec.Decode(bytes, s_noBlobs));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Decode_Truncated_IsCorrupt()
    {
        var bytes = FactCodec.Encode(SomeFacts()).Segment;
        for (var length = 0; length < bytes.Length; length++)
        {
            var part = bytes[..length];
            _ = Assert.Throws<CorruptJournalException>(() => FactCodec.Decode(part.Span, s_noBlobs));
        }
    }

    /// <summary>Damage that the checksum does not see must not end in another exception, nor take all memory.</summary>
    [Fact]
    public void Decode_MutatedUnderARightChecksum_IsReadOrCorrupt()
    {
        var original = FactCodec.Encode(SomeFacts()).Segment.ToArray();
        var random = new Random(20_260_131);
        var corrupt = 0;
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = Mutate(original, random);
            Sign(bytes);
            try
            {
                _ = FactCodec.Decode(bytes, _ => new byte[random.Next(100)]);
            }
            catch (CorruptJournalException)
            {
                corrupt++;
            }
        }

        Assert.InRange(corrupt, 500, 5_000);
    }

    [Fact]
    public void Decode_AnyBytes_AreReadOrCorrupt()
    {
        var random = new Random(7);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = new byte[random.Next(5, 60)];
            random.NextBytes(bytes);
            bytes[0] = FactCodec.Version;
            Sign(bytes);
            try
            {
                _ = FactCodec.Decode(bytes, _ => bytes);
            }
            catch (CorruptJournalException)
            {
                // As it should be.
            }
        }
    }

    [Fact]
    public void Decode_BlobWithAnotherContent_IsCorrupt()
    {
        var segment = FactCodec.Encode([Exit(1, new string('x', 10_000))]);

        _ = Assert.Throws<CorruptJournalException>(() => FactCodec.Decode(segment.Segment.Span, _ => "1"u8.ToArray()));
    }

    [Fact]
    public void Decode_SegmentsThatNameOnePayload_FetchItOnceAndShareIt()
    {
        JsonValue value = new string('x', 10_000);
        var segments = Enumerable.Range(1, 3).Select(id => FactCodec.Encode([Exit(id, value)])).ToList();
        var payloads = new PayloadCache();
        var fetched = new List<BlobId>();

        var outputs = segments.Select(segment => ((HistoryEvent)FactCodec.Decode(
            segment.Segment.Span, Fetch(segment), payloads)[0]).Details.Output).ToList();

        Assert.Single(fetched);
        Assert.Equal(value, outputs[0]);
        Assert.All(outputs, output => Assert.Same(outputs[0], output));

        Func<BlobId, ReadOnlyMemory<byte>> Fetch(JournalSegment segment) => id =>
        {
            fetched.Add(id);
            return segment.Blobs.Single(blob => blob.Id == id).Content;
        };
    }

    [Fact]
    public void Decode_JournalOfMorePayloadsThanAreKept_GivesTheSame()
    {
        const int Count = 20;
        var values = Enumerable.Range(0, Count).Select(i => (JsonValue)$"{i}{new string('x', 1 << 20)}").ToList();
        var segments = values.Concat(values).Select((value, i) => FactCodec.Encode([Exit(i + 1, value)])).ToList();
        var payloads = new PayloadCache();

        var outputs = segments.Select(segment => ((HistoryEvent)FactCodec.Decode(
            segment.Segment.Span, id => segment.Blobs.Single(blob => blob.Id == id).Content, payloads)[0])
            .Details.Output);

        Assert.Equal(values.Concat(values), outputs);
    }

    [Fact]
    public void Decode_NewerVersion_SaysSo()
    {
        var bytes = FactCodec.Encode(SomeFacts()).Segment.ToArray();
        bytes[0] = FactCodec.Version + 1;
        Sign(bytes);

        var refusal = Assert.Throws<CorruptJournalException>(() => FactCodec.Decode(bytes, s_noBlobs));

        Assert.Contains("version 3", refusal.Message, StringComparison.Ordinal);
    }

    internal static ImmutableArray<Fact> Decode(JournalSegment segment) => FactCodec.Decode(
        segment.Segment.Span, id => segment.Blobs.First(blob => blob.Id == id).Content);

    private static ImmutableArray<Fact> RoundTrip(IReadOnlyList<Fact> facts) => Decode(FactCodec.Encode(facts));

    private static HistoryEvent Exit(long id, JsonValue output) => new()
    {
        Id = id,
        PreviousEventId = id - 1,
        Timestamp = World.Noon,
        Type = HistoryEventType.PassStateExited,
        Details = new EventDetails { Name = "S", Output = output },
    };

    private static Fact Started(string text) => new HistoryEvent
    {
        Id = 1,
        PreviousEventId = 0,
        Timestamp = World.Noon,
        Type = HistoryEventType.ExecutionStarted,
        Details = new EventDetails { Identity = World.Identity, InputText = text, Input = JsonValue.Parse(text) },
    };

    private static IReadOnlyList<Fact> SomeFacts() => new World(
        Machines.Task(Machines.Send, "\"End\": true, \"TimeoutSeconds\": 60, \"ResultPath\": \"$.r\""),
        World.Succeed(JsonObject.Of("done", true))).Start("""{"order": 17}""").Run().Facts;

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(1, bytes.Count - SegmentFrame.ChecksumBytes);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Sign(byte[] bytes) => BinaryPrimitives.WriteUInt32LittleEndian(
        bytes.AsSpan(bytes.Length - SegmentFrame.ChecksumBytes),
        Crc32C.Of(bytes.AsSpan(0, bytes.Length - SegmentFrame.ChecksumBytes)));
}
