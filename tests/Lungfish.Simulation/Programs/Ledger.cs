namespace Lungfish.Simulation.Programs;

/// <summary>What the work has done outside: whether it was asked for too often.</summary>
internal sealed class Ledger(IWorld world)
{
    private readonly Dictionary<string, int> _handedOut = [];
    private readonly HashSet<(string Execution, string Step)> _completed = [];
    private readonly HashSet<(string Execution, int Sequence, int Attempt)> _ranAtMostOnce = [];

    /// <summary>How many steps and tasks were run.</summary>
    public int Effects { get; private set; }

    /// <summary>A task is carried out; again only after a crash or a commit that failed.</summary>
    public void HandedOut(string key, string execution)
    {
        Effects++;
        if (_handedOut.TryGetValue(key, out var before) && before == world.Disturbances)
        {
            world.Violate($"A task of {execution} was handed out twice, and nothing had failed in between: {key}.");
        }

        _handedOut[key] = world.Disturbances;
    }

    /// <summary>The body of a step runs.</summary>
    /// <param name="isZombie">Another invocation has taken over from the one that runs it, and may be further.</param>
    public void Ran(string execution, StepBody step, bool isZombie)
    {
        Effects++;
        if (!isZombie && _completed.Contains((execution, step.Path)))
        {
            world.Violate($"The step {step.Path} of {execution} runs again although it has succeeded.");
        }

        if (step.IsAtMostOnce && !_ranAtMostOnce.Add((execution, step.Sequence, step.Attempt)))
        {
            world.Violate(
                $"Attempt {step.Attempt} of step {step.Path} of {execution} runs twice; it may run at most once.");
        }
    }

    /// <summary>It was acknowledged that the step has succeeded.</summary>
    public void Completed(string execution, string step) => _completed.Add((execution, step));

    /// <summary>A redrive does what has failed again, and all inside of a context that waits for a callback.</summary>
    public void Redriven(string execution) => _completed.RemoveWhere(
        step => step.Execution == execution && step.Step.EndsWith(DurablePaths.Submitter, StringComparison.Ordinal));
}
