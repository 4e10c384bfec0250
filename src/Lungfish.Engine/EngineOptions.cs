using Lungfish.Engine.Durable;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.MapRuns;
using Lungfish.Engine.Partitions;
using Lungfish.States.Quotas;
using Lungfish.States.Testing;

namespace Lungfish.Engine;

public sealed record EngineOptions
{
    /// <summary>As long as AWS keeps closed executions.</summary>
    public static readonly TimeSpan RetentionDefault = TimeSpan.FromDays(90);

    public static readonly TimeSpan RetentionIntervalDefault = TimeSpan.FromMinutes(10);

    public AwsAccount Account { get; init; } = AwsAccount.Default;

    /// <summary>Signs task tokens; at least 32 bytes. Tokens of other keys are refused as invalid.</summary>
    public required ReadOnlyMemory<byte> TokenKey { get; init; }

    /// <summary>Where distributed Map states can read their items from, beside their input.</summary>
    public IReadOnlyList<IItemReader> ItemReaders { get; init; } = [];

    /// <summary>Where distributed Map states can write their results to, beside their output.</summary>
    public IReadOnlyList<IResultWriter> ResultWriters { get; init; } = [];

    /// <summary>The limits of every execution. A change holds from the next decision on, for open ones too.</summary>
    public QuotaPolicy Quotas { get; init; } = QuotaPolicy.Strict;

    /// <summary>Reads the data that tests give to ItemReaders. Null: they cannot be read.</summary>
    public IItemTextReader? ItemTexts { get; init; }

    /// <summary>What services answer: mocked results of tests are compared with it. Null: they are not.</summary>
    public IAnswerSchemas? AnswerSchemas { get; init; }

    /// <summary>Runs the functions of durable executions. Null: there are none here.</summary>
    public IDurableFunctions? Functions { get; init; }

    /// <summary>Invocations of durable executions that run at once; more wait for their turn.</summary>
    public int RunningInvocationsMax { get; init; } = 1_000;

    /// <summary>Invocations that may wait for their turn before new durable executions are refused.</summary>
    public int WaitingInvocationsMax { get; init; } = 50_000;

    /// <summary>How many loops decide side by side. May change from start to start.</summary>
    public int PartitionCount { get; init; } = 8;

    /// <summary>How long closed executions are kept; AWS keeps them for 90 days.</summary>
    public TimeSpan Retention { get; init; } = RetentionDefault;

    /// <summary>How often closed executions that are past their retention are looked for.</summary>
    public TimeSpan RetentionInterval { get; init; } = RetentionIntervalDefault;

    /// <summary>Messages that may wait for one partition. Starts are throttled at half of it.</summary>
    public int InboxItemsMax { get; init; } = 32_768;

    /// <summary>Bytes of the messages that may wait for one partition. Starts are throttled at half of it.</summary>
    public long InboxBytesMax { get; init; } = 64 << 20;

    /// <summary>Tasks that are carried out at once; more wait for their turn.</summary>
    public int RunningTasksMax { get; init; } = 10_000;

    /// <summary>Executions without anything in flight that stay in memory, in all partitions together.</summary>
    public int RestingExecutionsMax { get; init; } = 1_024;

    /// <summary>How long an execution without anything in flight stays in memory after its last use.</summary>
    public TimeSpan RestingExecutionsKept { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>New names of a state machine that are looked up one by one before all of its names are read.</summary>
    internal int NamesLookedUpFirst { get; init; } = 256;

    /// <summary>How many names of a state machine are kept in memory: see <see cref="NameFilter"/>.</summary>
    internal int NameFilterLayersMax { get; init; } = 5;

    internal EngineSurroundings Surroundings { get; init; } = EngineSurroundings.Process;
}
