using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine;

/// <summary>Removes executions that closed long ago, little by little, so that nobody waits for it.</summary>
internal sealed class Retention(
    IStore store, EngineOptions options, EngineClock clock, TimeProvider time, ILogger logger)
{
    private const int BatchMax = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync(CancellationToken stopped)
    {
        await Task.Yield(); // Whoever starts it does not wait for its first look.
        while (!stopped.IsCancellationRequested)
        {
            var isDone = true;
            try
            {
                var now = clock.Now;
                isDone = await store.RemoveClosedAsync(now - options.Retention, now, BatchMax, stopped) < BatchMax;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                Log.RetentionFailed(logger, e);
            }

            try
            {
                await Task.Delay(isDone ? options.RetentionInterval : Pause, time, stopped);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
