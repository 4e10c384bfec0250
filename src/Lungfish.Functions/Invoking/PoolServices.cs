using Lungfish.Functions.Logs;
using Lungfish.Functions.Processes;
using Lungfish.Functions.RuntimeApi;
using Lungfish.Functions.Runtimes;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Invoking;

/// <summary>What pools need of the rest.</summary>
internal sealed record PoolServices(
    FunctionOptions Options,
    RuntimeLauncher Launcher,
    ProcessStarter Starter,
    OutputPump Output,
    RuntimeApiServer RuntimeApi,
    LogStore Logs,
    ProcessorLoad Load,
    TimeProvider Time,
    ILogger Logger);
