using Lungfish.Engine.Api;
using Lungfish.Simulation.Running;
using Lungfish.States.Journal;

namespace Lungfish.Simulation.Programs;

/// <summary>Those who meddle with machines and look at executions while these go on. What they do changes no
/// end.</summary>
internal sealed class Onlookers(IWorld world, Outside outside)
{
    private const int EventsAtOnce = 10;
    private const string Other = """{"StartAt":"X","States":{"X":{"Type":"Fail","Error":"Other"}}}""";

    /// <summary>Gives a machine another definition once its execution has begun, which keeps the one it has.</summary>
    public void BeginToUpdate(MachineWorkflow machine)
    {
        if (Chance.Of(machine.Seed, "updated") % 3 == 0)
        {
            world.BeginOutside(() => outside.GuardAsync(() => UpdateAsync(machine)));
        }
    }

    /// <summary>Follows the history of an execution to its end, in one seed of three: each event comes once, in its
    /// place.</summary>
    public async Task FollowAsync(MachineWorkflow machine, string arn)
    {
        if (Chance.Of(machine.Seed, "followed") % 3 != 0)
        {
            return;
        }

        var last = 0L;
        var isOver = false;
        while (!isOver)
        {
            var seen = last;
            (var events, isOver) = await outside.CallAsync(engine => TakeAsync(engine, arn, seen));
            foreach (var happened in events)
            {
                if (happened.Id != ++last)
                {
                    world.Violate($"Who follows {arn} sees event {happened.Id} after event {last - 1}.");
                }
            }
        }

        var end = await outside.CallAsync(engine =>
            engine.Executions.ReadHistoryAsync(arn, 1, reverse: true, null, CancellationToken.None));
        if (end.Items[0].Id != last)
        {
            world.Violate($"Who follows {arn} is told that event {last} is the last, and it has {end.Items[0].Id}.");
        }
    }

    /// <summary>An execution that has ended is in the list of its machine, once.</summary>
    public async Task CheckListAsync(MachineWorkflow machine, string arn)
    {
        var page = await outside.CallAsync(engine =>
            engine.Executions.ListAsync(machine.Arn, null, 1_000, null, CancellationToken.None));
        if (page.Items.Count(item => item.ExecutionArn == arn) != 1)
        {
            world.Violate($"{arn} is {page.Items.Count(item => item.ExecutionArn == arn)} times in the list.");
        }
    }

    private async Task UpdateAsync(MachineWorkflow machine)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Next(20_000)), world.Time);
        _ = await outside.CallAsync(engine => engine.StateMachines.UpdateAsync(
            machine.Arn, new StateMachineChange { Definition = Other }, CancellationToken.None));
    }

    private static async Task<(IReadOnlyList<HistoryEvent> Events, bool IsOver)> TakeAsync(
        Api engine, string arn, long after)
    {
        var events = new List<HistoryEvent>();
        await foreach (var happened in engine.Executions.FollowHistoryAsync(arn, after, CancellationToken.None))
        {
            events.Add(happened);
            if (events.Count == EventsAtOnce)
            {
                return (events, false);
            }
        }

        return (events, true);
    }
}
