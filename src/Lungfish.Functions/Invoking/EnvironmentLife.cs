using Lungfish.Functions.Processes;
using Lungfish.Functions.RuntimeApi;
using Lungfish.Functions.Runtimes;

namespace Lungfish.Functions.Invoking;

/// <inheritdoc cref="IEnvironmentLife"/>
internal sealed class EnvironmentLife(RuntimeLauncher launcher, RuntimeApiServer runtimeApi)
    : IEnvironmentLife, IAsyncDisposable
{
    private readonly ProcessStarter _starter = new();
    private readonly OutputPump _output = new();

    public async Task RunAsync(FunctionPool pool, ExecutionEnvironment environment)
    {
        // The pool's lock is not to be held while a process starts.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await using var port = runtimeApi.Open(pool, environment);
            var launch = await launcher.PrepareAsync(pool.Function, environment.Id, port.Number);
            var child = await _starter.StartAsync(launch);
            using var process = new FunctionProcess(child, _output, environment.Log.Write);
            pool.ProcessStarted(environment, process);
            await process.WaitForExitAsync();
            process.KillChildren();
            pool.ProcessExited(environment, process.DescribeExit());
            ProcessTable.KillAllWith(RuntimeLauncher.EnvironmentVariable(environment.Id));
        }
        catch (Exception e)
        {
            pool.ProcessNotStarted(environment, e);
        }
    }

    /// <summary>Once no process is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await runtimeApi.DisposeAsync();
        _starter.Dispose();
        _output.Dispose();
    }
}
