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
    private readonly TaskCompletionSource _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _bytes;

    public CheckpointBatch() => _updates = [];

    public CheckpointBatch(OperationUpdate first) => (_updates, _bytes) = ([first], SizeOf(first));

    public IReadOnlyList<OperationUpdate> Updates => _updates;

    public Task Stored => _stored.Task;

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

    public void SetStored() => _stored.TrySetResult();

    private static int SizeOf(OperationUpdate update) => BytesAround + SizeOf(update.Payload) + SizeOf(update.Name)
        + SizeOf(update.Error?.ErrorMessage) + (update.Error?.StackTrace?.Sum(SizeOf) ?? 0);

    private static int SizeOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
