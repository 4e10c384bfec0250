using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Lungfish.Functions.RuntimeApi;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lungfish.Functions.Tests;

/// <summary>The bytes of frames.</summary>
internal static class Frames
{
    public static byte[] Of(FrameType type, uint number, string body)
    {
        var bytes = new byte[FrameHeader.Bytes + Encoding.UTF8.GetByteCount(body)];
        new FrameHeader(type, number, (uint)(bytes.Length - FrameHeader.Bytes)).Write(bytes);
        _ = Encoding.UTF8.GetBytes(body, bytes.AsSpan(FrameHeader.Bytes));
        return bytes;
    }
}

/// <summary>The channel of a pool's process; the test is the process.</summary>
internal sealed class ChannelUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // Only to fail rather than hang.

    private readonly Socket _process;
    private FrameHeader _begun;

    private ChannelUnderTest(Socket process, ProcessChannel server, Socket accepted)
    {
        (_process, Server) = (process, server);
        Served = Task.Factory.StartNew(
            () => Serve(accepted), Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The other end.</summary>
    public ProcessChannel Server { get; }

    /// <summary>Ends with the channel.</summary>
    public Task Served { get; }

    /// <summary>The one that reads, once it has begun.</summary>
    public int Thread { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ChannelUnderTest> OpenAsync(PoolUnderTest pool, ICheckpointCalls? calls = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var process = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await process.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancellation);
        var server = await listener.AcceptSocketAsync(Cancellation);
        var channel = new ProcessChannel(pool.Connect(), server, () => calls, NullLogger.Instance);
        return new(process, channel, server);
    }

    public Task SayAsync(FrameType type, uint number, string body = "") => SayAsync(Frames.Of(type, number, body));

    public async Task SayAsync(byte[] bytes)
    {
        for (var left = bytes.AsMemory(); !left.IsEmpty;)
        {
            left = left[await _process.SendAsync(left, Cancellation)..];
        }
    }

    /// <summary>The next frame: an invocation as its number, request id and event; an answer as its number, status and
    /// body.</summary>
    public async Task<(uint Number, string Text)> HearAsync()
    {
        var header = FrameHeader.Read(await ReadAsync(FrameHeader.Bytes));
        var body = await ReadAsync((int)header.Length);
        if (header.Type == FrameType.CallAnswer)
        {
            var status = BinaryPrimitives.ReadUInt16LittleEndian(body);
            return (header.Number, $"{status} {Encoding.UTF8.GetString(body.AsSpan(sizeof(ushort)))}");
        }

        var at = 0;
        var requestId = "";
        for (var text = 0; text < 6; text++)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(at));
            at += sizeof(ushort);
            requestId = text == 0 ? Encoding.UTF8.GetString(body.AsSpan(at, length)) : requestId;
            at += length;
        }

        return (header.Number, $"{requestId} {Encoding.UTF8.GetString(body.AsSpan(at))}");
    }

    /// <summary>A frame is on its way; the process does not read the rest of it, or not yet.</summary>
    public async Task HearSomethingAsync() => _begun = FrameHeader.Read(await ReadAsync(FrameHeader.Bytes));

    /// <summary>The rest of that frame.</summary>
    public Task HearRestAsync() => ReadAsync((int)_begun.Length);

    /// <summary>The process closes the connection, or has exited.</summary>
    public void Close() => _process.Dispose();

    public async ValueTask DisposeAsync()
    {
        Close();
        await Served;
    }

    private void Serve(Socket accepted)
    {
        using (accepted)
        {
            Thread = Environment.CurrentManagedThreadId;
            Server.Serve();
        }
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await _process.ReceiveAsync(bytes.AsMemory(read), Cancellation).AsTask().WaitAsync(Patience);
            read += more > 0 ? more : throw new IOException("The channel has ended.");
        }

        return bytes;
    }
}

/// <summary>Stands for the server: notes what is brought together, and answers each alike.</summary>
internal sealed class NotedCheckpoints(string body, int status = 200) : ICheckpointCalls
{
    /// <summary>As a body: the execution that the call names.</summary>
    public const string Arn = "{arn}";

    private readonly Lock _gate = new();
    private readonly List<string[]> _taken = [];
    private readonly List<int> _threads = [];

    /// <summary>What took them.</summary>
    public IReadOnlyList<int> Threads
    {
        get
        {
            lock (_gate)
            {
                return [.. _threads];
            }
        }
    }

    /// <summary>What came together, as text.</summary>
    public IReadOnlyList<string[]> Taken
    {
        get
        {
            lock (_gate)
            {
                return [.. _taken];
            }
        }
    }

    public IReadOnlyList<Task<CheckpointAnswer>> Take(IReadOnlyList<ReadOnlyMemory<byte>> calls, bool isAlone)
    {
        var texts = calls.Select(call => Encoding.UTF8.GetString(call.Span)).ToArray();
        lock (_gate)
        {
            _taken.Add(texts);
            _threads.Add(Environment.CurrentManagedThreadId);
        }

        return
        [
            .. texts.Select(text => Task.FromResult(new CheckpointAnswer(
                status, Encoding.UTF8.GetBytes(body == Arn ? ArnIn(text) : body)))),
        ];
    }

    private static string ArnIn(string call)
    {
        using var json = JsonDocument.Parse(call);
        return json.RootElement.TryGetProperty("DurableExecutionArn", out var arn) ? $"{arn}" : "";
    }
}

/// <summary>Stands for a server with a defect.</summary>
internal sealed class FailingCheckpoints : ICheckpointCalls
{
    public IReadOnlyList<Task<CheckpointAnswer>> Take(IReadOnlyList<ReadOnlyMemory<byte>> calls, bool isAlone) =>
        throw new InvalidOperationException("a defect");
}
