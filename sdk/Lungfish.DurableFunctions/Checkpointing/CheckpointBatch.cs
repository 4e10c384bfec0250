using System.Text;

namespace Lungfish.DurableFunctions;

/// <summary>Updates that go to the service in one call.</summary>
internal sealed class CheckpointBatch
{
    // Documented for the field's SDKs: as much as the service takes at once.
    private const int UpdatesMax = 250;
    private const int BytesMax = 750 * 1024;

    private const int BytesAround = 256; // Names, ids and brackets of one update.

    private readonly List<OperationUpdate> _updates;
    private readonly List<TaskCompletionSource> _awaited = [];
    private int _bytes;

    public CheckpointBatch() => _updates = [];

    public CheckpointBatch(OperationUpdate first) => (_updates, _bytes) = ([first], SizeOf(first));

    public IReadOnlyList<OperationUpdate> Updates => _updates;

    /// <summary>Whether somebody goes on when it is stored.</summary>
    public bool IsAwaited => _awaited.Count > 0;

    /// <summary>Done when it is stored; asked for while it still waits.</summary>
    public Task WhenStored()
    {
        var stored = new TaskCompletionSource();
        _awaited.Add(stored);
        return stored.Task;
    }

    public bool TryAdd(OperationUpdate update)
    {
        var size = SizeOf(update);
        if (_updates.Count > 0 && (_updates.Count == UpdatesMax || _bytes + size > BytesMax))
        {
            return false;
        }

        _updates.Add(update);
        _bytes += size;
        return true;
    }

    /// <summary>A single one who waits goes on within this call, several side by side.</summary>
    public void SetStored()
    {
        if (_awaited is [var only])
        {
            only.TrySetResult();
            return;
        }

        foreach (var stored in _awaited)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static stored => stored.TrySetResult(), stored, preferLocal: false);
        }
    }

    private static int SizeOf(OperationUpdate update) => BytesAround + SizeOf(update.Payload) + SizeOf(update.Name)
        + SizeOf(update.Error?.ErrorMessage) + (update.Error?.StackTrace?.Sum(SizeOf) ?? 0);

    private static int SizeOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
