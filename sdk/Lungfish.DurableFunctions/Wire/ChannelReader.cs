using System.Net.Sockets;

namespace Lungfish.DurableFunctions;

/// <summary>Reads what comes in on a channel, and sees to it that it is dealt with.</summary>
/// <remarks>
/// Several frames that come together are left to the thread pool. A single one, while nothing else goes on, is dealt
/// with by the thread that reads: no other has to be woken for it. Because the author's code may keep that thread, the
/// <see cref="Lookout"/> looks whether it comes back, and has another thread read if it does not. It also looks
/// whether all threads of the pool are kept, and adds one then: the pool itself takes its time for that.
/// </remarks>
internal sealed class ChannelReader
{
    private const int BytesKept = 64 * 1024; // Room between two frames; a longer one is given back when it was read.

    private readonly Socket _socket;
    private readonly Func<Frame, IThreadPoolWorkItem?> _workOf;
    private readonly Func<bool> _isAlone;
    private readonly Action _ended;
    private readonly int _threadsMax; // That may be added to the pool's.
    private readonly Lock _gate = new();
    private readonly List<IThreadPoolWorkItem> _work = [];
    private byte[] _bytes = new byte[BytesKept];
    private int _held; // Of a frame that is not whole.
    private int _turn; // Counts the threads that read: an older one that comes back finds that it has lost it.
    private bool _isAway; // The thread that reads deals with a frame.
    private bool _wasSeenAway; // Since the last look, for the same frame.
    private long _completed; // Work of the pool, at the last look.
    private int _added; // To the pool's threads.

    /// <param name="socket">What is read.</param>
    /// <param name="workOf">What is to be done about a frame; null: nothing.</param>
    /// <param name="isAlone">Whether nothing goes on besides.</param>
    /// <param name="ended">Called when nothing comes any more.</param>
    /// <param name="atOnceMax">How many invocations may run, and block a thread each.</param>
    public ChannelReader(
        Socket socket, Func<Frame, IThreadPoolWorkItem?> workOf, Func<bool> isAlone, Action ended, int atOnceMax) =>
        (_socket, _workOf, _isAlone, _ended, _threadsMax) = (socket, workOf, isAlone, ended, atOnceMax);

    public void Start()
    {
        Lookout.Join(Look);
        StartThread(turn: 0);
    }

    private void StartThread(int turn) =>
        new Thread(() => ReadAll(turn)) { IsBackground = true, Name = "Lungfish channel" }.UnsafeStart();

    private void ReadAll(int turn)
    {
        try
        {
            while (_socket.Receive(_bytes.AsSpan(_held)) is var count and > 0)
            {
                Lookout.Alert();
                TakeFrames(_held + count);
                if (!Deal(turn))
                {
                    return; // Another thread reads.
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or HttpRequestException)
        {
            // Its end.
        }

        Lookout.Leave(Look);
        _ended();
    }

    private void TakeFrames(int count)
    {
        ReadOnlySpan<byte> left = _bytes.AsSpan(0, count);
        while (Frame.TryRead(ref left, out var frame))
        {
            if (_workOf(frame) is { } work)
            {
                _work.Add(work);
            }
        }

        _held = left.Length;
        if (_held == 0 && _bytes.Length > BytesKept)
        {
            _bytes = new byte[BytesKept];
            return;
        }

        left.CopyTo(_bytes);
        if (_held == _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }
    }

    /// <returns>False: that took so long that another thread has taken over.</returns>
    private bool Deal(int turn)
    {
        if (_work is not [var only] || !_isAlone())
        {
            foreach (var work in _work)
            {
                ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
            }

            _work.Clear();
            return true;
        }

        _work.Clear();
        lock (_gate)
        {
            (_isAway, _wasSeenAway) = (true, false);
        }

        only.Execute();
        lock (_gate)
        {
            if (turn != _turn)
            {
                return false;
            }

            _isAway = false;
            return true;
        }
    }

    private bool Look()
    {
        LookForReader();
        var completed = ThreadPool.CompletedWorkItemCount;
        var isPending = ThreadPool.PendingWorkItemCount > 0;
        if (isPending && completed == _completed && _added < _threadsMax)
        {
            _added++;
            ThreadPool.GetMinThreads(out var workers, out var completions);
            ThreadPool.SetMinThreads(workers + 1, completions);
        }

        _completed = completed;
        return isPending || _isAway;
    }

    private void LookForReader()
    {
        int turn;
        lock (_gate)
        {
            if (!_isAway || !_wasSeenAway)
            {
                _wasSeenAway = _isAway;
                return;
            }

            _isAway = false;
            turn = ++_turn;
        }

        StartThread(turn);
    }
}
