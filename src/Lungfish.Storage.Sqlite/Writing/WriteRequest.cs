namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>Something to write that somebody waits for. Only the first of its outcomes counts.</summary>
internal sealed class WriteRequest(Action<WriteTables> write)
{
    // The writer's thread must never run what comes after the waiting.
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Completion => _completion.Task;

    public void Write(WriteTables tables) => write(tables);

    /// <summary>It is durable.</summary>
    public void Acknowledge() => _completion.TrySetResult();

    /// <summary>It was not written, or nobody knows.</summary>
    public void Refuse(Exception reason) => _completion.TrySetException(reason);
}
