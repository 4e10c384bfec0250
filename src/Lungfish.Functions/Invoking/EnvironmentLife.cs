using Lungfish.Functions.Processes;
using Lungfish.Functions.Runtimes;

namespace Lungfish.Functions.Invoking;

/// <summary>Starts the process of an environment, waits for its end and tells the pool of both.</summary>
internal sealed class EnvironmentLife(FunctionPool pool, PoolServices services)
{
    public async Task RunAsync(ExecutionEnvironment environment)
    {
        // Called under the pool's lock, which is not to be held while a process starts.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await using var port = services.RuntimeApi.Open(pool, environment);
            var launch = await services.Launcher.PrepareAsync(pool.Function, environment.Id, port.Number);
            var child = await services.Starter.StartAsync(launch);
            using var process = new FunctionProcess(child, services.Output, environment.Log.Write);
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
}
