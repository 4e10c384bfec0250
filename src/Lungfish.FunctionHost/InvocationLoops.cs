namespace Lungfish.FunctionHost;

/// <summary>Takes invocations, runs them and answers, as many at once as the platform allows.</summary>
/// <remarks>Each loop has one invocation at a time. Another one is begun when all of them are busy.</remarks>
internal sealed class InvocationLoops(RuntimeApi api, FunctionMethod function, int atOnceMax)
{
    private readonly Lock _gate = new();
    private readonly List<Task> _loops = [];
    private int _waiting; // For work.

    /// <summary>Returns when the platform has gone, or wants this process to end; throws if a loop fails.</summary>
    public async Task RunAsync()
    {
        Begin();
        while (Running() is { Length: > 0 } running)
        {
            var ended = await Task.WhenAny(running);
            await ended;
            lock (_gate)
            {
                _ = _loops.Remove(ended);
            }
        }
    }

    private Task[] Running()
    {
        lock (_gate)
        {
            return [.. _loops];
        }
    }

    private void Begin()
    {
        lock (_gate)
        {
            _waiting++;
            _loops.Add(Task.Run(ServeAsync));
        }
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
            if (--_waiting == 0 && _loops.Count < atOnceMax)
            {
                Begin();
            }
        }
    }
}
