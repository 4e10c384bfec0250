using Lungfish.Engine.Api;
using Lungfish.Engine.Tests.Support;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Engine.Tests;

public sealed class StateMachineTests
{
    private const string Arn = "arn:aws:states:us-east-1:000000000000:stateMachine:m";

    [Fact]
    public async Task Create_TheSameAgain_AnswersTheFirst()
    {
        await using var world = await World.StartAsync();
        var first = await CreateAsync(world, Definitions.Pass);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.RestartAsync();

        // Documented: another role is ignored and the old one kept.
        var again = await world.Machines.CreateAsync(
            new NewStateMachine { Name = "m", Definition = Definitions.Pass, RoleArn = "arn:aws:iam::1:role/other" },
            World.Cancelled);

        Assert.Equal(first, again);
        Assert.Equal((Arn, "ACTIVE", "STANDARD", World.Role), (again.Arn, again.Status, again.Type, again.RoleArn));
        Assert.Null(again.RevisionId);
    }

    [Fact]
    public async Task Create_SameDefinitionFormattedOtherwise_IsRefused()
    {
        await using var world = await World.StartAsync();
        _ = await CreateAsync(world, Definitions.Pass);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => CreateAsync(world, Definitions.Pass + " "));

        Assert.Equal("StateMachineAlreadyExists", refusal.Code);
        Assert.Equal($"State Machine Already Exists: '{Arn}'", refusal.Message);
    }

    [Fact]
    public async Task Create_WithoutConfigurations_ShowsAwsDefaults()
    {
        await using var world = await World.StartAsync();
        var machine = await CreateAsync(world, Definitions.Pass);

        Assert.Equal("""{"includeExecutionData":false,"level":"OFF"}""", machine.LoggingConfiguration);
        Assert.Equal("""{"enabled":false}""", machine.TracingConfiguration);
    }

    [Theory]
    [InlineData("""{"level":"ALL"}""")]
    [InlineData("""{"level":"ALL","destinations":[]}""")]
    public async Task Create_LoggingWithoutDestination_IsRefused(string logging)
    {
        await using var world = await World.StartAsync();

        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.Machines.CreateAsync(
            new NewStateMachine
            {
                Name = "m",
                Definition = Definitions.Pass,
                RoleArn = World.Role,
                LoggingConfiguration = logging,
            },
            World.Cancelled));

        Assert.Equal("Invalid Logging Configuration: Must specify exactly one Log Destination.", refusal.Message);
    }

    [Fact]
    public async Task Create_DefinitionInvalid_IsRefusedWithTheDiagnostics()
    {
        await using var world = await World.StartAsync();

        var refusal = await Assert.ThrowsAsync<ApiException>(() => CreateAsync(world, "{}"));

        Assert.Equal("InvalidDefinition", refusal.Code);
        Assert.StartsWith("Invalid State Machine Definition: '", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ManyAtOnce_MakeOneMachine()
    {
        await using var world = await World.StartAsync();

        var made = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => CreateAsync(world, Definitions.Pass))));

        _ = Assert.Single(made.Distinct());
    }

    [Fact]
    public async Task Update_NothingGiven_IsRefused()
    {
        await using var world = await World.StartAsync();
        _ = await CreateAsync(world, Definitions.Pass);

        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Machines.UpdateAsync(Arn, new StateMachineChange(), World.Cancelled));

        Assert.Equal("MissingRequiredParameter", refusal.Code);
    }

    [Fact]
    public async Task Update_SameContent_MakesNoRevision()
    {
        await using var world = await World.StartAsync();
        _ = await CreateAsync(world, Definitions.Pass);

        var same = await UpdateAsync(world, Definitions.Pass);
        var changed = await UpdateAsync(world, Definitions.Wait(1));
        var again = await UpdateAsync(world, Definitions.Wait(1));

        Assert.Null(same.RevisionId); // Recorded: a machine that was never changed has none.
        Assert.True(Guid.TryParse(changed.RevisionId, out _));
        Assert.Equal(changed.RevisionId, again.RevisionId);
        Assert.Equal(changed.RevisionId, (await world.Machines.DescribeAsync(Arn, World.Cancelled)).RevisionId);
    }

    [Fact]
    public async Task Update_WhileAnExecutionRuns_ItKeepsItsDefinition()
    {
        await using var world = await World.StartAsync();
        _ = await CreateAsync(world, Definitions.Wait(60));
        var old = await world.StartAsync(Arn, "old");
        var updated = await UpdateAsync(world, Definitions.Pass);
        var young = await world.StartAsync(Arn, "young");
        await world.RestartAsync();

        Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(young)).Summary.Status);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(old)).Summary.Status);
        Assert.Contains(world.Store.EventsOf("old"), e => $"{e.Type}" == "WaitStateExited");
        var of = await world.Executions.DescribeStateMachineAsync(old.ExecutionArn, World.Cancelled);
        Assert.Equal((Definitions.Wait(60), null), (of.Definition, of.RevisionId));
        of = await world.Executions.DescribeStateMachineAsync(young.ExecutionArn, World.Cancelled);
        Assert.Equal((Definitions.Pass, updated.RevisionId), (of.Definition, of.RevisionId));
    }

    [Fact]
    public async Task Delete_ExecutionsRun_AbortsThemThenTheMachineIsGone()
    {
        await using var world = await World.StartAsync();
        _ = await CreateAsync(world, Definitions.Wait(60));
        var running = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => world.StartAsync(Arn, null)));

        await world.Machines.DeleteAsync(Arn, World.Cancelled);

        foreach (var execution in running)
        {
            Assert.Equal(ExecutionStatus.Aborted, (await world.WaitAsync(execution)).Summary.Status);
        }

        await World.UntilAsync(() => !ExistsAsync(world).Result, "the machine is gone");
        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(Arn, null));
        Assert.Equal("StateMachineDoesNotExist", refusal.Code);
        await world.Machines.DeleteAsync(Arn, World.Cancelled); // Recorded: 200 also for an unknown one.
    }

    [Fact]
    public async Task Delete_CrashInBetween_GoesOnAfterTheStart()
    {
        await using var world = await World.StartAsync();
        _ = await CreateAsync(world, Definitions.Wait(60));
        var running = await world.StartAsync(Arn, "e");
        var abort = world.Store.HoldCommits();
        await world.Machines.DeleteAsync(Arn, World.Cancelled);
        Assert.Equal("DELETING", (await world.Machines.DescribeAsync(Arn, World.Cancelled)).Status);
        var refusal = await Assert.ThrowsAsync<ApiException>(() => CreateAsync(world, Definitions.Pass));
        Assert.Equal("StateMachineDeleting", refusal.Code);
        _ = await abort.WaitAsync(TimeSpan.FromSeconds(30), World.Cancelled);
        world.Store.Expect(Fate.LostBeforeCommit);
        world.Store.ReleaseCommits();
        await world.RestartAsync();

        Assert.Equal(ExecutionStatus.Aborted, (await world.WaitAsync(running)).Summary.Status);
        await World.UntilAsync(() => !ExistsAsync(world).Result, "the machine is gone");
    }

    [Fact]
    public async Task List_Pages_AreOrderedByName()
    {
        await using var world = await World.StartAsync();
        foreach (var name in new[] { "m_2", "m_10", "m_1", "x" })
        {
            _ = await world.CreateAsync(name, Definitions.Pass);
        }

        var first = await world.Machines.ListAsync(2, null, World.Cancelled);
        var rest = await world.Machines.ListAsync(100, first.NextToken, World.Cancelled);

        Assert.Equal(["m_1", "m_10", "m_2", "x"], first.Items.Concat(rest.Items).Select(machine => machine.Name));
        Assert.Null(rest.NextToken);
    }

    [Fact]
    public async Task Describe_UnknownMachine_IsRefused()
    {
        await using var world = await World.StartAsync();

        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.Machines.DescribeAsync(Arn, World.Cancelled));

        Assert.Equal($"State Machine Does Not Exist: '{Arn}'", refusal.Message);
    }

    private static async Task<bool> ExistsAsync(World world) =>
        (await world.Machines.ListAsync(10, null, World.Cancelled)).Items.Count > 0;

    private static Task<StateMachineDescription> CreateAsync(World world, string definition) =>
        world.Machines.CreateAsync(
            new NewStateMachine { Name = "m", Definition = definition, RoleArn = World.Role }, World.Cancelled);

    private static Task<StateMachineUpdated> UpdateAsync(World world, string definition) =>
        world.Machines.UpdateAsync(Arn, new StateMachineChange { Definition = definition }, World.Cancelled);

    [Theory]
    [InlineData("""{"Type":"Succeed"}""", "StateMachineTypeNotSupported", "EXPRESS")]
    [InlineData(
        """{"Type":"Task","End":true,"Resource":"arn:aws:states:us-east-1:000000000000:activity:a"}""",
        "InvalidDefinition", // Recorded in sfn_api_express.
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Express state machine does not support " +
            "Activity ARN at /States/A/Resource'")]
    public async Task Create_Express_IsRefusedForWhatItCannotDoAndElseByName(string state, string code, string message)
    {
        await using var world = await World.StartAsync();
        var machine = new NewStateMachine
        {
            Name = "m",
            Definition = "{\"StartAt\":\"A\",\"States\":{\"A\":" + state + "}}",
            RoleArn = World.Role,
            Type = StateMachineType.Express,
        };

        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Machines.CreateAsync(machine, World.Cancelled));

        Assert.Equal(code, refusal.Code);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }
}
