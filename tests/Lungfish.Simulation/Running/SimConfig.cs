using Lungfish.Simulation.Scheduling;
using Lungfish.Engine;
using Lungfish.Simulation.Programs;
using Lungfish.Simulation.Storing;
using Lungfish.States.Quotas;

namespace Lungfish.Simulation.Running;

/// <summary>What one seed makes of the engine and of the world around it: each run is lopsided in its own
/// way.</summary>
internal sealed record SimConfig
{
    /// <summary>After that long nothing goes wrong any more.</summary>
    public static readonly TimeSpan HealedAfter = TimeSpan.FromMinutes(3);

    /// <summary>More than any execution needs that is not made to go past them.</summary>
    private static readonly QuotaPolicy s_lowQuotas = new() { HistoryEventsMax = 2_000, PayloadBytesMax = 16_384 };

    public required ulong Seed { get; init; }

    public required int PartitionCount { get; init; }

    public required int RestingExecutionsMax { get; init; }

    public required int InboxItemsMax { get; init; }

    public required int RunningTasksMax { get; init; }

    public required int RunningInvocationsMax { get; init; }

    /// <summary>Lower than AWS's in some runs: there they are met.</summary>
    public required QuotaPolicy Quotas { get; init; }

    /// <summary>Commits and reads are done before their call returns, where nothing goes wrong.</summary>
    public required bool StoreAnswersAtOnce { get; init; }

    public required int StoreDelayMsMax { get; init; }

    /// <summary>How often the lane runs a partition itself.</summary>
    public required int InlinePercent { get; init; }

    /// <summary>How often time passes although there is something to do.</summary>
    public required int LagPercent { get; init; }

    public required FaultPlan Faults { get; init; }

    public static SimConfig Of(ulong seed)
    {
        var random = Dice.Make(seed, "config");
        return new SimConfig
        {
            Seed = seed,
            PartitionCount = Pick(1, 2, 3, 8),
            RestingExecutionsMax = Pick(1, 1, 4, 1_024),
            InboxItemsMax = Pick(8, 64, 32_768),
            RunningTasksMax = Pick(1, 2, 10_000),
            RunningInvocationsMax = Pick(1, 2, 1_000),
            StoreAnswersAtOnce = random.Next(4) == 0,
            StoreDelayMsMax = Pick(1, 3, 30),
            InlinePercent = Pick(0, 50, 100),
            LagPercent = Pick(0, 0, 2, 10),
            Faults = MakeFaults(random),
            Quotas = Chance.Of(seed, "quotas") % 4 == 0 ? s_lowQuotas : QuotaPolicy.Strict,
        };

        int Pick(params ReadOnlySpan<int> values) => values[random.Next(values.Length)];
    }

    public int RestingMaxOfAPartition => Math.Max(1, RestingExecutionsMax / PartitionCount);

    public EngineOptions Options() => new()
    {
        TokenKey = default, // The simulation's own.
        PartitionCount = PartitionCount,
        RestingExecutionsMax = RestingExecutionsMax,
        InboxItemsMax = InboxItemsMax,
        RunningTasksMax = RunningTasksMax,
        RunningInvocationsMax = RunningInvocationsMax,
        Quotas = Quotas,
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"partitions {PartitionCount}, cache {RestingExecutionsMax}, inbox {InboxItemsMax}, tasks {RunningTasksMax}, "
        + $"invocations {RunningInvocationsMax}, store {(StoreAnswersAtOnce ? "at once" : $"{StoreDelayMsMax} ms")}, "
        + $"inline {InlinePercent}%, lag {LagPercent}%, {Quotas.HistoryEventsMax} events");

    private static FaultPlan MakeFaults(Random random)
    {
        var kinds = Enum.GetValues<FaultKind>().Where(kind => random.Next(100) < WeightOf(kind)).ToArray();
        var faults = new List<Fault>();
        var count = kinds.Length == 0 ? 0 : random.Next(1, 13);
        for (var i = 0; i < count; i++)
        {
            var kind = kinds[random.Next(kinds.Length)];
            faults.Add(new Fault(i, kind, AtOf(kind, random), AmountOf(kind, random)));
        }

        return new FaultPlan(faults);
    }

    private static int WeightOf(FaultKind kind) => kind switch
    {
        FaultKind.LeaseLost or FaultKind.Damage => 10,
        FaultKind.Crash or FaultKind.CrashAfterCommit or FaultKind.CommitAnswerLost => 40,
        _ => 25,
    };

    private static long AtOf(FaultKind kind, Random random) => kind >= FaultKind.Crash
        ? random.Next(200, (int)HealedAfter.TotalMilliseconds / (random.Next(3) == 0 ? 1 : 4))
        : 1 + random.Next(random.Next(2) == 0 ? 40 : 300);

    private static TimeSpan AmountOf(FaultKind kind, Random random) => kind switch
    {
        FaultKind.ClockSet => TimeSpan.FromSeconds(
            (random.Next(2) == 0 ? -1 : 1) * (random.Next(3) == 0 ? 3_600 : random.Next(1, 60))),
        FaultKind.CommitSlow or FaultKind.ReadSlow => TimeSpan.FromMilliseconds(random.Next(100, 8_000)),
        FaultKind.StoreAway => TimeSpan.FromMilliseconds(random.Next(50, 15_000)),
        _ => TimeSpan.FromMilliseconds(random.Next(1, 10_000)), // Until the server is up again.
    };
}
