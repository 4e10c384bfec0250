namespace Lungfish.Engine.Identifiers;

/// <summary>The task that a token completes.</summary>
internal readonly record struct TaskAddress(ExecutionId Execution, long TaskId);

/// <summary>Makes and checks task tokens: they say, authenticated, which task they complete.</summary>
internal sealed class TaskTokens(ReadOnlyMemory<byte> key)
{
    private readonly SignedTokens _tokens = new(key, "task-token"u8, numbers: 1, isForUrls: true);

    private Made? _last;

    public string Make(TaskAddress task)
    {
        // A state reads its token, and right after that its task is handed out with it.
        var made = Volatile.Read(ref _last);
        if (made?.Task != task)
        {
            made = new Made(task, _tokens.Make(task.Execution, task.TaskId));
            Volatile.Write(ref _last, made);
        }

        return made.Token;
    }

    /// <summary>Checks a token before anything is looked up.</summary>
    /// <exception cref="ApiException">InvalidToken: we never gave it out.</exception>
    public TaskAddress Open(string token)
    {
        Span<long> taskId = stackalloc long[1];
        return _tokens.TryOpen(token, out var execution, taskId)
            ? new TaskAddress(execution, taskId[0])
            : throw StepFunctionsErrors.InvalidToken();
    }

    private sealed record Made(TaskAddress Task, string Token);
}
