using System.Text;
using Lungfish.Functions.Logs;
using Lungfish.Functions.Processes;
using Lungfish.Tests.Shared;

namespace Lungfish.Functions.Tests;

/// <summary>Whose a line is that a process writes while it runs several invocations.</summary>
public sealed class SharedLogTests : IAsyncDisposable
{
    private static readonly InvocationReport Report = new(TimeSpan.Zero, Init: null, MemoryUsedMb: 0, Status: null);

    private readonly TemporaryFolder _folder = new();
    private readonly LogStore _store;
    private readonly InvocationLog _log;

    public SharedLogTests()
    {
        _store = new LogStore(_folder.Path);
        _log = new InvocationLog(
            _store,
            new FunctionConfiguration
            {
                Name = "fn",
                Version = "1",
                Runtime = "nodejs22.x",
                Handler = "h",
                Role = "r",
                Code = new FunctionCode("", 0, null),
                LastModified = default,
                RevisionId = "1",
            },
            isShared: true,
            TimeProvider.System);
    }

    [Theory]
    [InlineData("2026-03-01T12:00:00.000Z\ta\tINFO\ttext", "a")] // Node and .NET.
    [InlineData("[INFO]\t2026-03-01T12:00:00.000Z\ta\ttext", "a")] // Python.
    [InlineData("""{"level":"INFO","context":{"requestId":"b"},"requestId":"a"}""", "a")]
    [InlineData("""{"AWSRequestId":"a"}""", "a")]
    [InlineData("2026-03-01T12:00:00.000Z\tb\tINFO\ta", "b")]
    [InlineData("2026-03-01T12:00:00.000Z\tnobody\tINFO\ttext", null)]
    [InlineData("a", null)]
    [InlineData("a\ttext", null)]
    [InlineData("""{"requestId":1}""", null)]
    [InlineData("""{"requestId":"nobody"}""", null)]
    [InlineData("""{"only begins like JSON, requestId a""", null)]
    public async Task Write_LineThatNamesARequest_IsItsInvocations(string line, string? requestId)
    {
        _ = (_log.Start("a", keepsTail: false), _log.Start("b", keepsTail: false));

        _log.Write(Encoding.UTF8.GetBytes(line + "\n"));

        Assert.Equal([requestId], await OwnersOfAsync(line));
    }

    [Fact]
    public async Task Write_InPiecesWithAnInvocationsEndBetween_IsOneLine()
    {
        var other = _log.Start("b", keepsTail: false);
        _ = _log.Start("a", keepsTail: false);
        const string Line = "time\ta\tINFO\ttext";

        _log.Write(Encoding.UTF8.GetBytes(Line[..6]));
        _ = _log.Finish(other, Report, remark: null);
        _log.Write(Encoding.UTF8.GetBytes(Line[6..] + "\n"));

        Assert.Equal(["a"], await OwnersOfAsync(Line));
    }

    [Fact]
    public async Task End_InTheMiddleOfALine_KeepsWhatIsThere()
    {
        _ = _log.Start("a", keepsTail: false);
        _log.Write("time\ta\tERROR\tlast words"u8);

        _log.End();

        Assert.Equal(["a"], await OwnersOfAsync("time\ta\tERROR\tlast words"));
    }

    [Fact]
    public async Task Write_OfAnInvocationThatHasEnded_IsNobodys()
    {
        var ended = _log.Start("a", keepsTail: true);
        _ = _log.Finish(ended, Report, remark: null);

        _log.Write("time\ta\tINFO\tlate\n"u8);

        Assert.Equal([null], await OwnersOfAsync("time\ta\tINFO\tlate"));
    }

    [Fact]
    public void Write_MoreThanIsKept_IsCutForEachAlone()
    {
        var (loud, quiet) = (_log.Start("a", keepsTail: true), _log.Start("b", keepsTail: true));
        var line = $"time\ta\tINFO\t{new string('x', 9_987)}\n";
        for (var i = 0; i < 300; i++)
        {
            _log.Write(Encoding.UTF8.GetBytes(line));
            _log.Write(Encoding.UTF8.GetBytes(new string('y', 9_999) + "\n"));
        }

        _log.Write("time\tb\tINFO\tquiet\n"u8);

        Assert.Contains(
            "[1951424 bytes of output left out: more than 1048576 in one invocation]", // 3,000,000 less 1 MiB.
            TextOf(_log.Finish(loud, Report, remark: null)),
            StringComparison.Ordinal);
        var kept = TextOf(_log.Finish(quiet, Report, remark: null));
        Assert.Contains("time\tb\tINFO\tquiet", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("left out", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_LineThatIsTooLong_IsOneInvocationsToItsEnd()
    {
        _ = (_log.Start("a", keepsTail: false), _log.Start("b", keepsTail: false));

        _log.Write(Encoding.UTF8.GetBytes($"time\ta\tINFO\t{new string('x', 70_000)}"));
        _log.Write("\tb\tthe end\n"u8);

        Assert.Equal(["a"], await OwnersOfAsync("\tb\tthe end"));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    private static string TextOf(string? tail) => Encoding.UTF8.GetString(Convert.FromBase64String(tail ?? ""));

    private async Task<List<string?>> OwnersOfAsync(string text)
    {
        var owners = new List<string?>();
        await foreach (var line in _store.ReadAsync("fn", new LogFilter(), TestContext.Current.CancellationToken))
        {
            if (line.Text == text)
            {
                owners.Add(line.RequestId);
            }
        }

        return owners;
    }
}
