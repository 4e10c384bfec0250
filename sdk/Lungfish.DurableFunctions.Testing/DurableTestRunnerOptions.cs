using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions.Testing;

/// <summary>How a function runs in a test. The defaults serve most.</summary>
public sealed class DurableTestRunnerOptions
{
    /// <summary>Whether the clock moves by itself to whatever is due next, once no function runs. If not, it moves
    /// only in <see cref="DurableTestRun{TOutput}.AdvanceAsync"/>.</summary>
    public bool SkipTime { get; set; } = true;

    /// <summary>What the clock shows first. 2026-01-01, so that each run is as the one before.</summary>
    public DateTimeOffset StartTime { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Where ids and chance of the service come from: the same seed gives the same.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>The name of the function.</summary>
    public string FunctionName { get; set; } = "function-under-test";

    /// <summary>How long the execution may last, by the test's clock. Null for the longest that there is, which the
    /// clock never moves to by itself.</summary>
    public TimeSpan? ExecutionTimeout { get; set; }

    /// <summary>How long one invocation may last, by the test's clock.</summary>
    public TimeSpan FunctionTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long, in real time, one invocation may last before the run is called stuck.</summary>
    public TimeSpan RealTimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many operations the service hands over at once; the rest is read page by page, as it happens to
    /// executions with much state.</summary>
    public int OperationsPerPage { get; set; } = 1000;

    /// <summary>Writes and reads input, results and states: the one that the function uses.</summary>
    public ICheckpointSerializer Serializer { get; set; } = JsonCheckpointSerializer.Default;

    /// <summary>The function's plugins.</summary>
    public IList<DurableInstrumentationPlugin> Plugins { get; } = [];

    /// <summary>Takes the lines of the function too; they are captured in any case.</summary>
    public ILogger? Logger { get; set; }
}
