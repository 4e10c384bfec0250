using System.Text;
using Lungfish.Functions.Code;
using Lungfish.Tests.Shared;

namespace Lungfish.Functions.Tests;

/// <summary>Whatever is uploaded as a package: it is extracted as it says, or refused in words, within its folder and
/// its limits.</summary>
public sealed class ZipFuzzTests
{
    private const int InflatedBytesMax = 20_000; // Less than a package may have, so that bombs are cheap to try.

    private static readonly string[] s_names =
    [
        "handler.py", "lib/", "lib/tool", "./a.js", "a/b/c/d.txt", "../evil", "a/../../evil", "/etc/evil", "C:/evil",
        "..\\evil", "a//b", "a/./b", "..", ".", "", "/", "a/", "A/", "lib", "LIB/tool", "a\nb", "a\0b", "ä/€",
        "con", "nul.txt", "bootstrap", "a/b", "././c", "~/x", "$HOME", "a:b", "..a", "a..", " ", "-rf",
    ];

    [Fact]
    public void Read_ForgedArchive_IsEntriesOrRefused() => FuzzRun.Over(Next, zip => Read(zip));

    [Fact]
    public void Extract_ForgedArchive_WritesItsFilesInItsFolderOrIsRefused() => FuzzRun.Over(
        Next,
        zip =>
        {
            if (Read(zip) is not { } entries)
            {
                return;
            }

            using var around = new TemporaryFolder();
            var folder = around["package"];
            _ = Directory.CreateDirectory(folder);
            var isWhole = true;
            try
            {
                ZipExtraction.Extract(zip, entries, folder, InflatedBytesMax);
            }
            catch (BadPackageException refusal)
            {
                Assert.NotEmpty(refusal.Message);
                isWhole = false;
            }

            Assert.Equal([folder], Directory.GetFileSystemEntries(around.Path));
            var files = new DirectoryInfo(folder).GetFiles("*", SearchOption.AllDirectories);
            Assert.All(files, file => Assert.Null(file.LinkTarget));
            Assert.InRange(files.Sum(file => file.Length), 0, InflatedBytesMax);
            if (isWhole)
            {
                Assert.Equal(
                    entries.Where(e => !e.IsFolder).Select(e => (e.Name, e.Size, e.Crc)).Order(),
                    files.Select(f => (NameOf(folder, f), f.Length, CrcOf(f))).Order());
            }
        },
        weight: 10);

    private static IReadOnlyList<ZipEntry>? Read(byte[] zip)
    {
        try
        {
            return ZipDirectory.Read(zip);
        }
        catch (BadPackageException refusal)
        {
            Assert.NotEmpty(refusal.Message);
            return null;
        }
    }

    private static byte[] Next(Random random)
    {
        var isTrue = random.Next(3) == 0; // A third has true sizes, so that more than the first check is met.
        var entries = Enumerable.Range(0, random.Next(8)).Select(_ => Entry(random, isTrue)).ToList();
        var zip = ForgedZip.Write(
            entries,
            Lie(random, isTrue, 20, (ushort)random.Next(ushort.MaxValue + 1)),
            Lie(random, isTrue, 20, Number(random)),
            random.Next(10) == 0 ? new string('x', random.Next(100)) : "");
        for (var i = isTrue ? 0 : random.Next(4); i > 0; i--)
        {
            zip[random.Next(zip.Length)] = (byte)random.Next(256);
        }

        return random.Next(10) > 0 ? zip
            : random.Next(2) == 0 ? zip[..random.Next(zip.Length)]
            : [.. new byte[random.Next(20)], .. zip];
    }

    private static ForgedEntry Entry(Random random, bool isTrue)
    {
        var name = Name(random, isTrue);
        return new ForgedEntry(name, Content(random))
        {
            IsDeflated = random.Next(4) > 0,
            Mode = Lie(random, isTrue, 10, (ushort)random.Next(ushort.MaxValue + 1)) ?? 0x81ED,
            Flags = Lie(random, isTrue, 10, (ushort)random.Next(16)) ?? 0,
            Extra = random.Next(8) > 0 ? [] : Zip64(random),
            Size = Lie(random, isTrue, 10, Number(random)),
            PackedSize = Lie(random, isTrue, 10, Number(random)),
            Crc = Lie(random, isTrue, 10, Number(random)),
            Offset = Lie(random, isTrue, 10, random.Next(3) > 0 ? 0 : Number(random)),
            LocalName = random.Next(isTrue ? int.MaxValue : 20) == 0 ? Name(random, isTrue: false) : null,
        };
    }

    private static byte[] Name(Random random, bool isTrue)
    {
        var name = s_names[random.Next(isTrue ? 5 : s_names.Length)];
        var whole = random.Next(12) switch
        {
            0 => new string('n', random.Next(2_000)),
            1 => string.Concat(Enumerable.Repeat("d/", random.Next(700))) + name,
            2 => string.Concat(Enumerable.Repeat("\u20ac", random.Next(400))),
            < 8 => random.Next(6) + name,
            _ => name,
        };
        var bytes = Encoding.UTF8.GetBytes(whole);
        if (!isTrue && bytes.Length > 0 && random.Next(8) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256); // No UTF-8, perhaps.
        }

        return bytes;
    }

    private static byte[] Content(Random random)
    {
        var bytes = new byte[random.Next(8) switch { 0 => 0, 1 => 2 * InflatedBytesMax, _ => random.Next(300) }];
        if (random.Next(2) == 0)
        {
            random.NextBytes(bytes);
        }

        return bytes;
    }

    /// <summary>The extra field in which large archives keep what 32 bits do not hold.</summary>
    private static byte[] Zip64(Random random)
    {
        var extra = new byte[4 + (8 * random.Next(4))];
        random.NextBytes(extra);
        (extra[0], extra[1], extra[2], extra[3]) = (1, 0, (byte)(extra.Length - 4), 0);
        return extra;
    }

    private static uint Number(Random random) => random.Next(4) switch
    {
        0 => uint.MaxValue - (uint)random.Next(3),
        1 => (uint)random.Next(64),
        2 => int.MaxValue + (uint)random.Next(3),
        _ => (uint)random.Next(2_000),
    };

    /// <summary>Now and then something else than the truth.</summary>
    private static T? Lie<T>(Random random, bool isTrue, int oneOf, T lie)
        where T : struct =>
        !isTrue && random.Next(oneOf) == 0 ? lie : null;

    private static string NameOf(string folder, FileInfo file) => Path.GetRelativePath(folder, file.FullName);

    private static uint CrcOf(FileInfo file) =>
        Crc32.Finish(Crc32.Add(Crc32.Start, File.ReadAllBytes(file.FullName)));
}
