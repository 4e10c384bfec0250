namespace Lungfish.FunctionHost;

/// <summary>Takes invocations, runs them and answers, as many at once as the platform allows.</summary>
/// <remarks>Each loop has one invocation at a time. Another one is begun when all of them are busy.</remarks>
internal sealed class InvocationLoops(RuntimeApi api, FunctionMethod function, int atOnceMax)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Null: one at a time, whose lines need no name.
    private readonly InvocationConsole? _out = atOnceMax > 1 ? new(Console.Out, "info") : null;
    private readonly InvocationConsole? _error = atOnceMax > 1 ? new(Console.Error, "fail") : null;
    private int _loops;
    private int _waiting; // For work.

    /// <summary>Returns when the platform has gone, or wants this process to end; throws as soon as a loop
    /// fails.</summary>
    public Task RunAsync()
    {
        if (_out is not null && _error is not null)
        {
            Console.SetOut(_out);
            Console.SetError(_error);
        }

        lock (_gate)
        {
            Begin();
        }

        return _ended.Task;
    }

    private void Begin()
    {
        _loops++;
        _waiting++;
        _ = Task.Run(RunLoopAsync);
    }

    private async Task RunLoopAsync()
    {
        try
        {
            await ServeAsync();
        }
        catch (Exception e)
        {
            _ended.TrySetException(e); // A border: the process ends of it.
        }

        lock (_gate)
        {
            if (--_loops > 0)
            {
                return;
            }
        }

        _ended.TrySetResult();
    }

    private async Task ServeAsync()
    {
        for (var next = await api.NextAsync(); next is { } invocation;)
        {
            Took();
            if (atOnceMax <= 1)
            {
                // Documented for one at a time; what belongs to all of the process cannot tell of several.
                Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", invocation.TraceId);
            }

            _out?.Begin(invocation.RequestId);
            _error?.Begin(invocation.RequestId);
            byte[] answer;
            var isError = false;
            try
            {
                answer = await function.RunAsync(invocation);
            }
            catch (Exception e)
            {
                Console.Error.WriteLine(e);
                answer = ErrorText.Of(e);
                isError = true;
            }

            _out?.End();
            _error?.End();
            lock (_gate)
            {
                _waiting++;
            }

            next = await api.AnswerAsync(invocation, answer, isError);
        }
    }

    private void Took()
    {
        lock (_gate)
        {
            if (--_waiting == 0 && _loops < atOnceMax)
            {
                Begin();
            }
        }
    }
}
