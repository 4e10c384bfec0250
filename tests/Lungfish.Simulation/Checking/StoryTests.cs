using System.Collections.Immutable;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.Json;
using Lungfish.Simulation.Programs;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Quotas;

namespace Lungfish.Simulation.Checking;

/// <summary>What is read off the committed facts of a state machine: right ones break nothing, wrong ones the invariant
/// that they are wrong by.</summary>
public sealed class StoryTests
{
    private const string Input = """{"a":[3,1,2]}""";

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Add_FactsOfAMap_BreakNothing(int atOnce) => Assert.Empty(Tell(Map(atOnce), Facts(Map(atOnce))));

    [Theory]
    [InlineData("""[{"r":{"v":1}},{"r":{"v":3}},{"r":{"v":2}}]""")]
    [InlineData("""[{"r":{"v":3}},{"r":{"v":1}}]""")]
    [InlineData("""[{"r":{"v":3}},{"r":{"v":1}},{"r":{"v":2}},{"r":{"v":2}}]""")]
    public void Add_ResultsOfAMapAreOthers_BreaksI14(string output)
    {
        var facts = Change(Facts(Map(1)), HistoryEventType.MapStateExited, details => details with
        {
            Output = JsonValue.Parse(output),
        });

        Assert.Equal(["I14"], Tell(Map(1), facts));
    }

    [Fact]
    public void Add_IterationGetsTheItemOfAnother_BreaksI14()
    {
        var facts = Change(Facts(Map(1)), HistoryEventType.MapIterationStarted, details => details with
        {
            Input = JsonValue.Parse("""{"r":{"v":3}}"""),
        });

        Assert.Contains("I14", Tell(Map(1), facts));
    }

    [Fact]
    public void Add_MoreIterationsAtOnceThanMayRun_BreaksI14() =>
        Assert.Equal(["I14"], Tell(Map(atOnce: 2), Facts(Map(atOnce: 0))));

    [Theory]
    [InlineData("events")]
    [InlineData("payload")]
    [InlineData("variable")]
    [InlineData("assigned")]
    [InlineData("variables")]
    public void Add_FactsBeyondALimit_BreaksI18(string limit)
    {
        const string Assigns =
            """{"StartAt":"P","States":{"P":{"Type":"Pass","Assign":{"x.$":"$.a","y.$":"$.a"},"End":true}}}""";
        var low = limit switch
        {
            "events" => QuotaPolicy.Strict with { HistoryEventsMax = 3 },
            "payload" => QuotaPolicy.Strict with { PayloadBytesMax = Input.Length - 1 },
            "variable" => QuotaPolicy.Strict with { VariableBytesMax = "[3,1,2]".Length - 1 },
            "assigned" => QuotaPolicy.Strict with { AssignBytesMax = (2 * "[3,1,2]".Length) - 1 },
            _ => QuotaPolicy.Strict with { ExecutionVariableBytesMax = "[3,1,2]".Length - 1 },
        };

        Assert.Empty(Tell(Assigns, Facts(Assigns)));
        Assert.Contains("I18", Tell(Assigns, Facts(Assigns), low));
    }

    /// <summary>A Map whose iterations wait, so that as many run at once as may.</summary>
    private static string Map(int atOnce) =>
        """
        {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.a","MaxConcurrency":MAX,"End":true,
          "ItemSelector":{"r":{"v.$":"$$.Map.Item.Value"}},
          "ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}}}}
        """.Replace("MAX", $"{atOnce}", StringComparison.Ordinal);

    /// <summary>All that happens in an execution.</summary>
    private static ImmutableArray<Fact> Facts(string definition)
    {
        var identity = new ExecutionIdentity
        {
            ExecutionArn = "arn:aws:states:us-east-1:000000000000:execution:m:x",
            ExecutionName = "x",
            StateMachineArn = MachineWorkflow.ArnOf("m"),
            StateMachineName = "m",
            RoleArn = Outside.Role,
        };
        var facts = ImmutableArray.CreateBuilder<Fact>();
        Message message = new Start(identity, JsonValue.Parse(Input), Input);
        var execution = Execution.Blank(PlainFold.Parse(definition));
        for (var now = s_noon; execution.Status == ExecutionStatus.Running && now < s_noon.AddHours(1); now += s_second)
        {
            var decision = ExecutionDecider.Decide(execution, message, now, new Seed(1), Nothing.Instance);
            facts.AddRange(decision.Facts);
            execution = decision.After;
            message = execution.Timers.Count == 0
                ? new Continue()
                : new TimerDue(execution.Timers.MinBy(timer => (timer.Value, timer.Key.EventId)).Key);
        }

        return facts.ToImmutable();
    }

    private static IReadOnlyList<Fact> Change(
        IEnumerable<Fact> facts, HistoryEventType type, Func<EventDetails, EventDetails> change) =>
    [
        .. facts.Select(fact =>
            fact is HistoryEvent e && e.Type == type ? e with { Details = change(e.Details) } : fact),
    ];

    /// <returns>The invariants that are broken, each as often as it is.</returns>
    private static IReadOnlyList<string> Tell(string definition, IReadOnlyList<Fact> facts, QuotaPolicy? quotas = null)
    {
        var broken = new List<string>();
        var story = new MachineStory(
            Guid.Empty,
            new ExecutionKey(MachineWorkflow.ArnOf("m"), "x"),
            Execution.Blank(PlainFold.Parse(definition)),
            quotas ?? QuotaPolicy.Strict,
            (invariant, _) => broken.Add(invariant));
        var segment = JournalReading.SegmentOf(facts, 0, facts.OfType<HistoryEvent>().Max(e => e.Id));
        story.Add(
            new StoredSegment(segment.Sequence, segment.FirstEventId, segment.EventCount, segment.Content),
            s_noon.AddDays(1));
        return broken;
    }

    private sealed class Nothing : ISurroundings
    {
        public static readonly Nothing Instance = new();

        public QuotaPolicy Quotas => QuotaPolicy.Strict;

        public bool ActivityExists(string activityArn) => false;

        public string TaskToken(ExecutionIdentity execution, long taskId) => "";
    }
}
