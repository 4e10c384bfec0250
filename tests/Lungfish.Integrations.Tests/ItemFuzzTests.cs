using System.Text;
using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.Items;
using Lungfish.Tests.Shared;

namespace Lungfish.Integrations.Tests;

/// <summary>Random content never crashes a reader of items: it gives items, or is refused in words.</summary>
public sealed class ItemFuzzTests
{
    private static readonly string[] s_csv =
    [
        "a,b,c\r\n1,\"two, \"\"quoted\"\"\",3\r\n",
        "x|y\n\"new\nline\"|\n,,,\n\n",
        "\"\",\"a\"\r\rlast",
        "\uFEFFa;b\n1",
    ];

    private static readonly string[] s_json =
    [
        """[{"a":[1,-2.5e-3,true]},null,"x\n\u00e4\ud83d\ude00",[[]],{}]""",
        """{"skip":{"items":[9]},"a/b":[0,{"items":[1,"two",{"3":3}]}]} """,
        "{\"a\":1}\n\n[2]\r\n\"three\"",
        """{"items":{"k":1,"l":{"m":[]}}}""",
    ];

    [Fact]
    public void Read_PartOfAText_IsTheSameRowOrTooLittle() => FuzzRun.Over(
        random => FuzzRun.Mutate(random, s_csv),
        text =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var (whole, part) = (new List<string>(), new List<string>());
            int length;
            try
            {
                length = CsvRow.Read(utf8, isWhole: true, (byte)',', whole);
            }
            catch (ItemReaderException)
            {
                return;
            }

            for (var count = 0; count <= utf8.Length; count++)
            {
                var found = CsvRow.Read(utf8.AsSpan(0, count), isWhole: false, (byte)',', part);
                Assert.True(found == -1 || (found == length && whole.SequenceEqual(part)), $"of {count} bytes");
            }
        });

    [Fact]
    public void Rows_RandomBytes_AreReadOrRefused() => FuzzRun.Over(
        random => RandomBytes(random, s_csv),
        bytes => ReadOrRefuse(new CsvReader(new ByteWindow(new MemoryStream(bytes), 0), ',', [])));

    [Fact]
    public void Items_RandomBytes_AreReadOrRefused() => FuzzRun.Over(
        random => (
            Bytes: RandomBytes(random, s_json),
            Pointer: new[] { "", "/items", "/a~1b/1/items" }[random.Next(3)]),
        input =>
        {
            ReadOrRefuse(new JsonItemsReader(Window(input.Bytes), input.Pointer));
            ReadOrRefuse(new JsonLinesReader(Window(input.Bytes)));
        });

    [Fact]
    public void Manifests_RandomText_AreReadOrRefused() => FuzzRun.Over(
        random => RandomBytes(
            random,
            ["""{"destinationBucket":"arn:aws:s3:::b","fileFormat":"CSV","fileSchema":"A, B","files":[{"key":"k"}]}""",
             "s3://bucket/key\ns3://b/k\n"]),
        bytes =>
        {
            ReadOrRefuse(() => Manifests.ReadInventory(bytes));
            ReadOrRefuse(() => Manifests.ReadAthena(bytes));
        });

    private static void ReadOrRefuse(Action read)
    {
        try
        {
            read();
        }
        catch (ItemReaderException refusal)
        {
            Assert.NotEmpty(refusal.Message);
        }
    }

    /// <summary>Fails for anything but items or a refusal in words.</summary>
    private static void ReadOrRefuse(RecordReader reader)
    {
        try
        {
            // Streams of memory answer at once.
            _ = Records.ReadAllAsync(reader).GetAwaiter().GetResult();
        }
        catch (ItemReaderException refusal)
        {
            Assert.NotEmpty(refusal.Message);
        }
    }

    private static byte[] RandomBytes(Random random, IReadOnlyList<string> samples)
    {
        var bytes = Encoding.UTF8.GetBytes(FuzzRun.Mutate(random, samples));
        for (var i = random.Next(4); i > 0 && bytes.Length > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static ByteWindow Window(byte[] bytes) => new(new MemoryStream(bytes), 0);
}
