using System.IO.Compression;
using System.Text;
using Lungfish.Engine;

namespace Lungfish.Functions.Tests;

/// <summary>Packages that could write outside of their folder, or fill the disk, are refused and leave
/// nothing.</summary>
public sealed class ZipPackageTests
{
    [Theory]
    [InlineData("../evil.py")]
    [InlineData("a/../../evil.py")]
    [InlineData("/etc/evil.py")]
    [InlineData("C:/evil.py")]
    [InlineData("..\\evil.py")]
    [InlineData("a//b.py")]
    [InlineData("a/./b.py")]
    public Task Create_EntryLeavesItsFolder_IsRefused(string name) =>
        AssertRefusedAsync(FunctionHost.ZipOf((name, "x")));

    [Theory]
    [InlineData("a.py", "A.py")]
    [InlineData("a.py", "a.py")]
    [InlineData("a", "a/b.py")]
    [InlineData("A/b.py", "a/c.py")]
    public Task Create_TwoEntriesForOnePlace_IsRefused(string first, string second) =>
        AssertRefusedAsync(FunctionHost.ZipOf((first, "x"), (second, "y")));

    [Theory]
    [InlineData(0xA000)] // Symbolic link.
    [InlineData(0x2000)] // Character device.
    [InlineData(0x6000)] // Block device.
    [InlineData(0x1000)] // Pipe.
    [InlineData(0xC000)] // Socket.
    public Task Create_EntryIsNoFile_IsRefused(int type) =>
        AssertRefusedAsync(Zip(entry => entry.ExternalAttributes = type << 16));

    [Fact]
    public Task Create_NotAZip_IsRefused() => AssertRefusedAsync("not a zip"u8.ToArray());

    [Fact]
    public async Task Create_EntriesThatOverlap_IsRefused()
    {
        var zip = FunctionHost.ZipOf(("a.py", "same"), ("b.py", "same")).ToArray();
        var second = Find(zip, CentralHeader, Find(zip, CentralHeader, 0) + 1);

        // The second entry of the directory points at the first one's data, as a bomb made of overlaps does.
        zip[second + 42] = 0;
        zip[second + 46] = (byte)'a';

        await AssertRefusedAsync(zip);
    }

    [Fact]
    public async Task Create_DirectoryLiesAboutTheSize_IsRefused()
    {
        var zip = FunctionHost.ZipOf(("a.py", new string('x', 1000))).ToArray();
        zip[Find(zip, CentralHeader, 0) + 24] = 1;

        await AssertRefusedAsync(zip);
    }

    [Fact]
    public async Task Create_InflatesBeyondTheLimit_IsRefused()
    {
        // Documented: 250 MB (262,144,000 bytes) unzipped.
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("zeros", CompressionLevel.Fastest).Open();
            var block = new byte[1_000_000];
            for (var i = 0; i < 263; i++)
            {
                entry.Write(block);
            }
        }

        await AssertRefusedAsync(bytes.ToArray());
    }

    [Theory]
    [InlineData(256)] // One more byte than Linux takes.
    [InlineData(1000)]
    public Task Create_NameIsTooLongForAFile_IsRefused(int length) =>
        AssertRefusedAsync(FunctionHost.ZipOf((new string('n', length), "x")));

    [Fact]
    public Task Create_NameOfManyBytesInFewCharacters_IsRefused() => AssertRefusedAsync(
        FunctionHost.ZipOf((string.Join('/', Enumerable.Repeat(new string('\u20ac', 80), 6)), "x")));

    [Fact]
    public Task Create_EachEntryInHundredsOfFoldersOfItsOwn_IsRefused() => AssertRefusedAsync(
        FunctionHost.ZipOf([.. Enumerable.Range(0, 100).Select(
            i => ($"{i}/{string.Concat(Enumerable.Repeat("d/", 500))}f", ""))]));

    [Fact]
    public Task Create_DirectorySaysFewerEntriesThanItHas_IsRefused() => AssertRefusedAsync(
        ForgedZip.Write([new ForgedEntry("seen.py", "x"), new ForgedEntry("hidden.py", "y")], count: 1));

    [Fact]
    public Task Create_TooManyEntries_IsRefused() => AssertRefusedAsync(
        FunctionHost.ZipOf([.. Enumerable.Range(0, 20_001).Select(i => ($"{i}", ""))]));

    [Fact]
    public async Task Create_FoldersAndExecutables_AreExtractedReadOnly()
    {
        await using var host = await FunctionHost.StartAsync();
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            _ = zip.CreateEntry("lib/");
            var entry = zip.CreateEntry("lib/tool");
            entry.ExternalAttributes = 0x89ED << 16; // rwxr-xr-x of a regular file, as zip writes it on Unix.
            using var content = entry.Open();
            content.Write("#!/bin/sh\n"u8);
        }

        _ = await host.Service.CreateAsync(Function(bytes.ToArray()), FunctionHost.Cancellation);

        var code = Path.Combine(host.Options.Directory, "code");
        var tool = Directory.GetFiles(code, "tool", SearchOption.AllDirectories);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
            new FileInfo(Assert.Single(tool)).UnixFileMode);
    }

    private static readonly byte[] CentralHeader = [0x50, 0x4b, 0x01, 0x02];

    private static NewFunction Function(ReadOnlyMemory<byte> zip) => new()
    {
        Name = "fn",
        Runtime = "python3.12",
        Handler = "handler.handler",
        Code = CodeSource.Zip(zip),
    };

    private static async Task AssertRefusedAsync(ReadOnlyMemory<byte> zip)
    {
        await using var host = await FunctionHost.StartAsync();

        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => host.Service.CreateAsync(Function(zip), FunctionHost.Cancellation));

        Assert.Equal("InvalidParameterValueException", refusal.Code);
        Assert.StartsWith("Could not unzip uploaded file.", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(host.Options.Directory, "code")));
    }

    private static ReadOnlyMemory<byte> Zip(Action<ZipArchiveEntry> shape)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry("entry");
            shape(entry);
            using var content = entry.Open();
            content.Write(Encoding.UTF8.GetBytes("target"));
        }

        return bytes.ToArray();
    }

    private static int Find(byte[] bytes, byte[] what, int from) => bytes.AsSpan(from).IndexOf(what) + from;
}
