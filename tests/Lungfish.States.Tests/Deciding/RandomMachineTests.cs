using FsCheck;
using FsCheck.Fluent;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.States.Tests.Deciding;

public sealed class RandomMachineTests
{
    /// <summary>The world checks each decision on the way: fold, codec, effects, and who wakes whom.</summary>
    [Fact]
    public void Decide_AnyMachine_EndsWithALegalHistory() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed => EndsWithALegalHistory(seed)).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Decide_SameMessagesAndSeed_DecideTheSame() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed => Assert.Equal(Run(seed).Facts, Run(seed).Facts)).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    private static void EndsWithALegalHistory(int seed)
    {
        var world = Run(seed);

        Assert.NotEqual(ExecutionStatus.Running, world.Execution.Status);
        var types = new Dictionary<long, HistoryEventType>();
        foreach (var e in world.History)
        {
            Assert.Equal(types.Count + 1, e.Id);
            Assert.True(e.PreviousEventId == 0 || types.ContainsKey(e.PreviousEventId), $"{e} follows nothing.");
            types.Add(e.Id, e.Type);
        }

        Assert.Single(world.History, e => e.Type is >= HistoryEventType.ExecutionSucceeded
            and <= HistoryEventType.ExecutionAborted);
    }

    private static World Run(int seed)
    {
        var machines = new RandomMachines(seed);
        var world = new World(machines.Definition(), machines.Answers) { Seed = (ulong)seed };
        _ = world.Start(RandomMachines.Input);
        for (var decisions = 0; world.Execution.Status == ExecutionStatus.Running && decisions < 5_000; decisions++)
        {
            if (machines.Interruption() is { } message)
            {
                _ = world.Send(message);
            }

            _ = world.Run(world.Decisions + 1);
        }

        return world;
    }
}
