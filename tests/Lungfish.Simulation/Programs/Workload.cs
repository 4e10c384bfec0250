using System.Text;
using Lungfish.Durable;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Tasks;
using Lungfish.Integrations.StepFunctions;
using Lungfish.Json;
using Lungfish.Simulation.Running;
using Lungfish.States.Deciding;

namespace Lungfish.Simulation.Programs;

/// <summary>What one run of the simulation does, and everybody around the engine who takes part in it.</summary>
/// <remarks>For each start of the engine: <see cref="Attach"/> before it, <see cref="Attachment.Connect"/> after
/// it.</remarks>
internal sealed class Workload
{
    /// <summary>Of everything that is started.</summary>
    public const string ExecutionName = "x";

    private readonly IWorld _world;
    private readonly Dictionary<string, MachineWorkflow> _machines;
    private readonly Dictionary<string, DurableWorkflow> _functions;
    private readonly FunctionMemory _memory;
    private readonly Onlookers _onlookers;

    public Workload(IReadOnlyList<Workflow> workflows, Swarm swarm, IWorld world)
    {
        _world = world;
        Workflows = workflows;
        Ledger = new Ledger(world);
        Outside = new Outside(world, swarm);
        _memory = new FunctionMemory(swarm, Outside, Ledger);
        _onlookers = new Onlookers(world, Outside);
        _machines = workflows.OfType<MachineWorkflow>().ToDictionary(machine => machine.Name);
        Open = [.. workflows.Where(workflow => workflow.IsStarted).Select(workflow => workflow.Name)];
        _functions = workflows.OfType<DurableWorkflow>().ToDictionary(function => function.Name);
    }

    public IReadOnlyList<Workflow> Workflows { get; }

    public Ledger Ledger { get; }

    public Outside Outside { get; }

    /// <summary>Those that have not ended as they must.</summary>
    public IReadOnlySet<string> OpenNames => Open;

    private HashSet<string> Open { get; }

    /// <summary>The workflow that an execution belongs to.</summary>
    /// <param name="ownerArn">Of its machine, or of its function.</param>
    public static string NameOf(string ownerArn) => ownerArn.Split(':')[6];

    public Attachment Attach() => new(
        new ScriptedTasks(_world, Outside, Ledger, _machines),
        new StepFunctionsTasks(_world.Time),
        new ScriptedFunctions(_world, _memory, _functions),
        new ScriptedItems(_world));

    /// <summary>Starts everything, and waits until all of it has ended as it must.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _ = await Outside.CallAsync(engine => engine.Activities.CreateAsync("work", [], CancellationToken.None));
        for (var worker = 0; worker < 2; worker++)
        {
            var poller = new ActivityWorker(Outside, $"worker-{worker}", _machines);
            _world.BeginOutside(() => Outside.GuardAsync(() => poller.RunAsync(cancellationToken)));
        }

        foreach (var machine in _machines.Values)
        {
            _ = await Outside.CallAsync(engine => engine.StateMachines.CreateAsync(
                new NewStateMachine { Name = machine.Name, Definition = machine.Definition, RoleArn = Outside.Role },
                CancellationToken.None));
        }

        var running = Workflows.Where(workflow => workflow.IsStarted).Select(RunAsync).ToList();
        foreach (var workflow in running)
        {
            await workflow;
        }
    }

    /// <summary>What was not finished, and how it may end, for a person to read.</summary>
    public string PrintOpen()
    {
        var text = new StringBuilder();
        foreach (var workflow in Workflows.Where(workflow => Open.Contains(workflow.Name)))
        {
            _ = text.Append(workflow.Print());
        }

        return text.ToString();
    }

    private async Task RunAsync(Workflow workflow)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(_world.Random.Next(10_000)), _world.Time);
        var (arn, end) = workflow is MachineWorkflow machine
            ? await RunAsync(machine)
            : await RunAsync((DurableWorkflow)workflow);
        if (!workflow.Allows(end))
        {
            _world.Violate($"{arn} ended as {end.Normalized()}, and must not.\n{workflow.Print()}");
        }

        _ = Open.Remove(workflow.Name);
    }

    private async Task<(string Arn, WorkflowEnd End)> RunAsync(MachineWorkflow workflow)
    {
        var arn = await StartAsync(workflow);
        var followed = _onlookers.FollowAsync(workflow, arn);
        _onlookers.BeginToUpdate(workflow);
        if (workflow.StopAfter is { } after)
        {
            await Task.Delay(after, _world.Time);
            _ = await Outside.CallAsync(engine =>
                engine.Executions.StopAsync(arn, Outside.StopError, null, CancellationToken.None));
        }

        while (true)
        {
            var found = await Outside.CallAsync(engine =>
                engine.Executions.WaitAsync(arn, TimeSpan.FromSeconds(20), CancellationToken.None));
            if (found.Summary.Status != ExecutionStatus.Running)
            {
                await followed;
                await _onlookers.CheckListAsync(workflow, arn);
                var output = found.Output is { } text ? JsonValue.Parse(text) : null;
                return (arn, new(MachineEnds.StatusOf(found.Summary.Status), output, found.Error, found.Cause));
            }
        }
    }

    private async Task<(string Arn, WorkflowEnd End)> RunAsync(DurableWorkflow workflow)
    {
        var started = await Outside.CallAsync(engine => engine.DurableExecutions.StartAsync(
            new NewDurableExecution
            {
                FunctionArn = DurableWorkflow.ArnOf(workflow.Name),
                Version = "$LATEST",
                Name = ExecutionName,
                Input = workflow.Input,
                ExecutionTimeoutSeconds = workflow.TimeoutSeconds,
                RetentionDays = 14,
            },
            CancellationToken.None));
        var arn = started.ExecutionArn;
        if (workflow.StopAfter is { } after)
        {
            await Task.Delay(after, _world.Time);
            _ = await Outside.CallAsync(engine => engine.DurableExecutions.StopAsync(
                arn, new ErrorObject { ErrorType = Outside.StopError }, CancellationToken.None));
        }

        while (true)
        {
            var found = await Outside.CallAsync(engine =>
                engine.DurableExecutions.WaitAsync(arn, TimeSpan.FromSeconds(20), CancellationToken.None));
            if (workflow.IsRedriven && found.Summary.Status == DurableStatus.Failed)
            {
                await RedriveAsync(arn);
            }
            else if (found.Summary.Status != DurableStatus.Running)
            {
                var output = found.Result is { } text ? JsonValue.Parse(text) : null;
                return (arn, new(
                    WireNames.Of(found.Summary.Status), output, found.Error?.ErrorType, found.Error?.ErrorMessage));
            }
        }
    }

    private async Task<string> StartAsync(MachineWorkflow workflow)
    {
        try
        {
            var input = JsonValue.Parse(workflow.Input);
            var started = await Outside.CallAsync(engine => engine.Executions.StartAsync(
                workflow.Arn, ExecutionName, input, workflow.Input, CancellationToken.None));
            return started.ExecutionArn;
        }
        catch (ApiException e) when (e.Code == "ExecutionAlreadyExists")
        {
            // A call without an answer has started it, and it has ended since.
            var machine = workflow.Arn.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal);
            return $"{machine}:{ExecutionName}";
        }
    }

    private async Task RedriveAsync(string arn)
    {
        _ = _memory.Redriven.Add(arn);
        Ledger.Redriven(arn);
        try
        {
            _ = await Outside.CallAsync(engine => engine.DurableExecutions.RedriveAsync(arn, CancellationToken.None));
        }
        catch (ApiException e) when (e.Message.Contains("can be redriven", StringComparison.Ordinal))
        {
            // A call without an answer has redriven it.
        }
    }
}

/// <summary>What one start of the engine is given.</summary>
internal sealed record Attachment(
    ScriptedTasks Tasks, StepFunctionsTasks StepFunctions, ScriptedFunctions Functions, ScriptedItems Items)
{
    public IReadOnlyList<ITaskHandler> Handlers => [Tasks, .. StepFunctions.All];

    public void Connect(Api api)
    {
        StepFunctions.Connect(api.Executions);
        Functions.Connect(api.DurableExecutions);
    }
}
