using Lungfish.States.Quotas;

namespace Lungfish.Simulation.Programs;

/// <summary>Makes what one run does, from its seed.</summary>
internal static class WorkloadGenerator
{
    /// <param name="count">How many workflows are started; others may be started by them.</param>
    /// <param name="quotas">Those that executions of state machines are held to.</param>
    public static IReadOnlyList<Workflow> Make(ulong seed, Swarm swarm, int count, QuotaPolicy quotas)
    {
        var random = new Random((int)(Chance.Of(seed, "workload") & int.MaxValue));
        var machines = new List<MachineWorkflow>();
        var functions = new List<DurableWorkflow>();
        for (var i = 0; i < 2; i++) // The second may call the first.
        {
            machines.Add(Machine($"callee{i}", [.. machines]).Make(isStarted: false));
            functions.Add(Function($"callee{i}", [.. functions]).Make(isStarted: false));
        }

        functions.Add(Function("hangs", []).MakeHanging(isStopped: false, isStarted: false));
        for (var i = 0; i < count; i++)
        {
            if (random.Next(2) == 0)
            {
                machines.Add(MakeMachine(Machine($"m{i}", [.. machines.Where(machine => !machine.IsStarted)])));
            }
            else
            {
                functions.Add(MakeFunction(Function($"f{i}", [.. functions.Where(function => !function.IsStarted)])));
            }
        }

        return [.. machines, .. functions];

        MachineGenerator Machine(string name, IReadOnlyList<MachineWorkflow> callees) =>
            new(random, swarm, Chance.Of(seed, name), name, callees) { Quotas = quotas };

        DurableGenerator Function(string name, IReadOnlyList<DurableWorkflow> callees) =>
            new(random, swarm, Chance.Of(seed, name), name, callees);

        MachineWorkflow MakeMachine(MachineGenerator generator) => random.Next(12) switch
        {
            0 => generator.MakeRacing(),
            1 => generator.MakeHanging(isStopped: random.Next(2) == 0),
            2 => generator.Make(isStarted: true, stopAfter: TimeSpan.FromSeconds(random.Next(30))),
            3 => generator.MakeGrowing(),
            4 when quotas.HistoryEventsMax < QuotaPolicy.Strict.HistoryEventsMax => generator.MakeEndless(),
            _ => generator.Make(isStarted: true),
        };

        DurableWorkflow MakeFunction(DurableGenerator generator) => random.Next(12) switch
        {
            0 => generator.MakeHanging(isStopped: random.Next(2) == 0, isStarted: true),
            1 => generator.Make(isStarted: true, stopAfter: TimeSpan.FromSeconds(random.Next(30))),
            2 or 3 => generator.MakeRedriven(),
            4 => generator.MakeIdle(),
            _ => generator.Make(isStarted: true),
        };
    }
}
