using Lungfish.Functions.Logs;
using Lungfish.Functions.Processes;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Invoking;

/// <summary>What pools need of the rest.</summary>
internal sealed record PoolServices(
    FunctionOptions Options,
    IEnvironmentLife Life,
    LogStore Logs,
    ProcessorLoad Load,
    TimeProvider Time,
    ILogger Logger);

/// <summary>Starts the process of an environment, waits for its end and tells the pool of both.</summary>
internal interface IEnvironmentLife
{
    /// <summary>Is called under the pool's lock, and returns at once.</summary>
    Task RunAsync(FunctionPool pool, ExecutionEnvironment environment);
}
