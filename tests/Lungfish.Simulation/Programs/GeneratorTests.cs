using Lungfish.Json;
using Lungfish.States.Quotas;

namespace Lungfish.Simulation.Programs;

/// <summary>What the generators make: enough of everything, the same each time, and readable.</summary>
public sealed class GeneratorTests
{
    private const int Seeds = 150;

    private static readonly Lazy<IReadOnlyList<Workflow>> s_workflows = new(() =>
        [.. Enumerable.Range(0, Seeds).SelectMany(seed => Make((ulong)seed))]);

    [Theory]
    [InlineData("Type", "Pass")]
    [InlineData("Type", "Task")]
    [InlineData("Type", "Choice")]
    [InlineData("Type", "Wait")]
    [InlineData("Type", "Succeed")]
    [InlineData("Type", "Fail")]
    [InlineData("Type", "Parallel")]
    [InlineData("Type", "Map")]
    [InlineData("QueryLanguage", "JSONata")]
    [InlineData("Mode", "DISTRIBUTED")]
    [InlineData("ExecutionType", "EXPRESS")]
    [InlineData("ExecutionType", "STANDARD")]
    [InlineData("JitterStrategy", "FULL")]
    [InlineData("Resource", "arn:aws:lambda:us-east-1:000000000000:function:work")]
    [InlineData("Resource", "arn:aws:states:::lambda:invoke.waitForTaskToken")]
    [InlineData("Resource", "arn:aws:states:us-east-1:000000000000:activity:work")]
    [InlineData("Resource", "arn:aws:states:::states:startExecution")]
    [InlineData("Resource", "arn:aws:states:::states:startExecution.sync")]
    [InlineData("Resource", "arn:aws:states:::states:startExecution.sync:2")]
    public void Make_ManySeeds_DefinitionsHave(string member, string value) =>
        Assert.Contains(s_workflows.Value.OfType<MachineWorkflow>(), machine =>
            Members(JsonValue.Parse(machine.Definition)).Any(found =>
                found.Key == member && found.Value is JsonString { Value: var text } && text == value));

    [Theory]
    [InlineData("Assign")]
    [InlineData("Catch")]
    [InlineData("HeartbeatSeconds")]
    [InlineData("ItemBatcher")]
    [InlineData("ItemReader")]
    [InlineData("MaxDelaySeconds")]
    [InlineData("ResultWriter")]
    [InlineData("Retry")]
    [InlineData("SecondsPath")]
    [InlineData("TimeoutSeconds")]
    [InlineData("Timestamp")]
    [InlineData("ToleratedFailurePercentage")]
    public void Make_ManySeeds_DefinitionsUse(string member) =>
        Assert.Contains(s_workflows.Value.OfType<MachineWorkflow>(), machine =>
            Members(JsonValue.Parse(machine.Definition)).Any(found => found.Key == member));

    [Fact]
    public void Make_ManySeeds_FunctionsHaveEveryKindOfNode()
    {
        var missing = typeof(Node).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Node)))
            .Except(s_workflows.Value.OfType<DurableWorkflow>()
                .SelectMany(function => function.Body.All())
                .Select(node => node.GetType()));

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("SUCCEEDED")]
    [InlineData("FAILED")]
    [InlineData("TIMED_OUT")]
    [InlineData("ABORTED")]
    [InlineData("STOPPED")]
    public void Make_ManySeeds_WorkflowsMustEndAs(string status) =>
        Assert.Contains(s_workflows.Value, workflow => workflow.Ends is [{ Status: var only }] && only == status);

    [Fact]
    public void Make_ManySeeds_MostWorkflowsHaveOneEnd()
    {
        var started = s_workflows.Value.Where(workflow => workflow.IsStarted).ToList();

        Assert.True(started.Count(workflow => workflow.Ends.Count == 1) > started.Count * 3 / 4);
        Assert.DoesNotContain(started, workflow => workflow.Ends.Count == 0);
    }

    [Fact]
    public void Make_SameSeed_SameWorkflows()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            Assert.Equal(
                Make(seed).Select(workflow => workflow.Print()), Make(seed).Select(workflow => workflow.Print()));
        }
    }

    /// <summary>What somebody pastes into a console is the machine itself.</summary>
    [Fact]
    public void Print_OfAMachine_ShowsItsDefinitionAndInput()
    {
        var machine = s_workflows.Value.OfType<MachineWorkflow>().First(machine => machine.IsStarted);

        var text = machine.Print();

        Assert.Contains(machine.Definition, text, StringComparison.Ordinal);
        Assert.Contains($"Input: {machine.Input}", text, StringComparison.Ordinal);
        Assert.Contains(machine.Ends[0].ToString(), text, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_SameAttempt_SamePlanWhateverItsToken()
    {
        var manner = new TaskManner { FailPercent = 50 };
        var one = JsonObject.Of(("n", 1), ("token", "a"));
        var other = JsonObject.Of(("n", 1), ("token", "b"));

        for (var attempt = 0; attempt < 20; attempt++)
        {
            Assert.Equal(TaskPlan.For(7, manner, "S", one, attempt), TaskPlan.For(7, manner, "S", other, attempt));
        }

        Assert.True(Enumerable.Range(0, 20)
            .Select(attempt => TaskPlan.For(7, manner, "S", one, attempt).Error is null).Distinct().Count() == 2);
    }

    private static IReadOnlyList<Workflow> Make(ulong seed) =>
        WorkloadGenerator.Make(seed, new Swarm(seed), count: 8, QuotaPolicy.Strict);

    private static IEnumerable<KeyValuePair<string, JsonValue>> Members(JsonValue value) => value switch
    {
        JsonObject members => members.SelectMany(member => Members(member.Value).Prepend(member)),
        JsonArray items => items.SelectMany(Members),
        _ => [],
    };
}
