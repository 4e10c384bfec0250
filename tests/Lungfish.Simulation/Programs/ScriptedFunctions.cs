using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Api;
using Lungfish.Engine.Durable;

namespace Lungfish.Simulation.Programs;

/// <summary>The durable functions, as one start of the engine sees them.</summary>
internal sealed class ScriptedFunctions(
    IWorld world, FunctionMemory memory, IReadOnlyDictionary<string, DurableWorkflow> workflows) : IDurableFunctions
{
    private const int RetentionDays = 14;

    private readonly TaskCompletionSource<IDurableExecutions> _executions =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The engine has started.</summary>
    public void Connect(IDurableExecutions executions) => _executions.SetResult(executions);

    public InvokeTarget? FindTarget(string functionName, ulong chance) =>
        functionName == DurableWorkflow.MissingFunction
            ? null
            : new InvokeTarget(
                DurableWorkflow.ArnOf(functionName), "$LATEST", functionName != DurableWorkflow.PlainFunction);

    public async Task<InvocationOutcome> InvokeAsync(DurableInvocation invocation, CancellationToken cancellationToken)
    {
        var workflow = workflows[DurableWorkflow.FunctionIn(invocation.Execution.FunctionArn)];
        var executions = await _executions.Task;
        return await new DurableRunner(world, memory, executions, workflow, invocation).RunAsync();
    }

    public async Task<ChainedOutcome> InvokeChainedAsync(ChainedInvoke invoke, CancellationToken cancellationToken)
    {
        var target = invoke.Target;
        if (target.DurableExecutionArn is not { } arn)
        {
            await Task.Delay(
                TimeSpan.FromMilliseconds(world.Random.Next(2_000)), world.Time, cancellationToken);
            return new(OperationStatus.Succeeded, DurableWorkflow.PlainResult(target.Input).ToText(), null);
        }

        var executions = await _executions.Task;
        var names = arn.Split('/');
        var started = await executions.StartAsync(
            new NewDurableExecution
            {
                FunctionArn = names[0],
                Version = "$LATEST",
                Name = names[2],
                Id = Guid.Parse(names[3]),
                Input = target.Input,
                ExecutionTimeoutSeconds = workflows[DurableWorkflow.FunctionIn(names[0])].TimeoutSeconds,
                RetentionDays = RetentionDays,
                ParentArn = invoke.CallerArn,
            },
            cancellationToken);
        var end = await executions.WaitAsync(started.ExecutionArn, Timeout.InfiniteTimeSpan, cancellationToken);
        return end.Summary.Status switch
        {
            DurableStatus.Succeeded => new(OperationStatus.Succeeded, end.Result, null),
            DurableStatus.TimedOut => new(OperationStatus.TimedOut, null, end.Error),
            DurableStatus.Stopped => new(OperationStatus.Stopped, null, end.Error),
            _ => new(OperationStatus.Failed, null, end.Error),
        };
    }
}

/// <summary>What the world remembers of functions, whatever becomes of the processes that run them.</summary>
internal sealed class FunctionMemory(Swarm swarm, Outside outside, Ledger ledger)
{
    /// <summary>Fewer than those that end an execution.</summary>
    private const int CrashesMax = 4;

    private readonly Dictionary<string, int> _crashes = [];
    private readonly int _crashPercent = swarm.Percent("function crashes", 15);

    public Outside Outside => outside;

    public Ledger Ledger => ledger;

    public Dictionary<string, string> LatestInvocation { get; } = [];

    /// <summary>The last token that the invocation before had.</summary>
    public Dictionary<string, string> OldTokens { get; } = [];

    public HashSet<string> Redriven { get; } = [];

    public int RepeatPercent { get; } = swarm.Percent("checkpoints repeated", 30);

    public int StalePercent { get; } = swarm.Percent("stale tokens", 50);

    public int EarlyPendingPercent { get; } = swarm.Percent("early pending", 40);

    public int SmallBatchPercent { get; } = swarm.Percent("small batches", 60);

    public int PagePercent { get; } = swarm.Percent("pages", 60);

    public int EndByCheckpointPercent { get; } = swarm.Percent("end by checkpoint", 60);

    public bool Crashes(string execution, Random random)
    {
        var before = _crashes.GetValueOrDefault(execution);
        if (before == CrashesMax || random.Next(100) >= _crashPercent)
        {
            return false;
        }

        _crashes[execution] = before + 1;
        return true;
    }
}
