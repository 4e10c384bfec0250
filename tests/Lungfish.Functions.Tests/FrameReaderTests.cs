using Lungfish.Functions.RuntimeApi;

namespace Lungfish.Functions.Tests;

/// <summary>Bytes of a channel become frames, however they come.</summary>
public sealed class FrameReaderTests
{
    private const int BodyBytesMax = 10;

    [Fact]
    public void TryRead_SplitAtEveryByte_GivesTheSameFrames()
    {
        byte[] sent =
        [
            .. Frames.Of(FrameType.Ready, 7, ""),
            .. Frames.Of(FrameType.Answer, 1, "one"),
            .. Frames.Of(FrameType.Answer, 2, "longer than allowed"),
            .. Frames.Of(FrameType.Checkpoint, uint.MaxValue, "three"),
        ];
        string[] expected = ["Ready 7 ", "Answer 1 one", "Answer 2 too long", "Checkpoint 4294967295 three"];

        for (var at = 0; at <= sent.Length; at++)
        {
            var reader = NewReader();
            Assert.Equal(expected, Read(reader, sent[..at]).ToList().Concat(Read(reader, sent[at..])));
        }

        var byteByByte = NewReader();
        Assert.Equal(expected, sent.SelectMany(one => Read(byteByByte, [one]).ToList()));
    }

    [Fact]
    public void TryRead_LongerThanTheBuffer_GivesItWhole()
    {
        var body = new string('x', 1_000_000);
        var reader = new FrameReader(_ => body.Length);

        Assert.Equal([$"Answer 1 {body}"], Read(reader, Frames.Of(FrameType.Answer, 1, body)));
        Assert.Equal(["Answer 2 y"], Read(reader, Frames.Of(FrameType.Answer, 2, "y")));
    }

    [Fact]
    public void TryRead_GigabytesThatAreTooLong_KeepsNothing()
    {
        var reader = NewReader();
        var header = new byte[FrameHeader.Bytes];
        new FrameHeader(FrameType.Answer, 1, uint.MaxValue).Write(header);
        Assert.Empty(Read(reader, header));

        var most = 0;
        for (var left = (long)uint.MaxValue; left > 0;)
        {
            var room = reader.Room.Length;
            most = Math.Max(most, room);
            var count = (int)Math.Min(room, left);
            reader.Add(count);
            left -= count;
            Assert.Equal(left == 0, reader.TryRead(out var frame));
            Assert.Equal(left == 0, frame.IsTooLong);
        }

        Assert.InRange(most, 1, 128 * 1024);
        Assert.Equal(["Answer 2 y"], Read(reader, Frames.Of(FrameType.Answer, 2, "y")));
    }

    private static FrameReader NewReader() => new(_ => BodyBytesMax);

    private static IEnumerable<string> Read(FrameReader reader, byte[] bytes)
    {
        for (var left = bytes.AsMemory(); !left.IsEmpty;)
        {
            var room = reader.Room;
            var count = Math.Min(room.Length, left.Length);
            left[..count].CopyTo(room);
            reader.Add(count);
            left = left[count..];
            while (reader.TryRead(out var frame))
            {
                yield return $"{frame.Header.Type} {frame.Header.Number} "
                    + (frame.IsTooLong ? "too long" : System.Text.Encoding.UTF8.GetString(frame.Body.Span));
            }
        }
    }
}
