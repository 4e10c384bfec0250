using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Tasks;
using Lungfish.Integrations.StepFunctions;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Tests;

/// <summary>Tasks that start executions here: a moment in which the server takes nothing is no failure of
/// theirs.</summary>
public sealed class StartExecutionTaskTests
{
    private const string Execution = "arn:aws:states:us-east-1:000000000000:execution:child:one";

    public static TheoryData<string> Passing => ["ThrottlingException", "ServiceUnavailable"];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Run_StartsAreRefusedForAMoment_TriesUntilOneIsTaken(string code)
    {
        var executions = new Executions(code, code);

        var outcome = await RunAsync(executions, IntegrationPattern.RequestResponse, TaskPhase.Scheduled);

        var output = Assert.IsType<JsonObject>(Assert.IsType<TaskCompleted>(outcome).Output);
        Assert.Equal(Execution, output["ExecutionArn"]);
        Assert.Equal(["start", "start", "start"], executions.Asked);
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Run_WaitingIsRefusedForAMoment_WaitsAgainAndStartsNothing(string code)
    {
        var executions = new Executions(code);

        var outcome = await RunAsync(executions, IntegrationPattern.Sync2, TaskPhase.AwaitingAnswer);

        var output = Assert.IsType<JsonObject>(Assert.IsType<TaskCompleted>(outcome).Output);
        Assert.Equal(JsonValue.Parse("[1]"), output["Output"]);
        Assert.Equal(["wait", "wait"], executions.Asked);
    }

    [Fact]
    public async Task Run_StartIsRefusedForGood_FailsAtOnceByTheRefusalsName()
    {
        var executions = new Executions("StateMachineDoesNotExist");

        var outcome = await RunAsync(executions, IntegrationPattern.RequestResponse, TaskPhase.Scheduled);

        Assert.Equal("StepFunctions.StateMachineDoesNotExistException", Assert.IsType<TaskFaulted>(outcome).Error);
        Assert.Equal(["start"], executions.Asked);
    }

    private static async Task<TaskOutcome> RunAsync(
        Executions executions, IntegrationPattern pattern, TaskPhase phase)
    {
        var tasks = new StepFunctionsTasks(new TimeWithoutWaiting());
        tasks.Connect(executions);
        var resource = new ServiceIntegration(
            "arn:aws:states:::states:startExecution", "states", "startExecution", pattern);
        var input = JsonObject.Of(
            ("StateMachineArn", AwsAccount.Default.StateMachineArn("child")), ("Name", "one"));
        return await tasks.All.Single(handler => handler.CanRun(resource))
            .RunAsync(Assignments.Of(resource, input, phase), TestContext.Current.CancellationToken);
    }

    /// <summary>Refuses the first calls with these codes, then does what it is asked for.</summary>
    private sealed class Executions(params string[] refusals) : IExecutions
    {
        public List<string> Asked { get; } = [];

        public Task<StartedExecution> StartAsync(
            string stateMachineArn,
            string? name,
            JsonValue input,
            string inputText,
            CancellationToken cancellationToken)
        {
            Ask("start");
            return Task.FromResult(new StartedExecution(Execution, DateTimeOffset.UnixEpoch));
        }

        public Task<ExecutionDescription> WaitAsync(
            string executionArn, TimeSpan atMost, CancellationToken cancellationToken)
        {
            Ask("wait");
            return Task.FromResult(new ExecutionDescription
            {
                Summary = new ExecutionSummary
                {
                    ExecutionArn = executionArn,
                    StateMachineArn = AwsAccount.Default.StateMachineArn("child"),
                    Name = "one",
                    Status = ExecutionStatus.Succeeded,
                    StartDate = DateTimeOffset.UnixEpoch,
                    StopDate = DateTimeOffset.UnixEpoch,
                },
                Input = "{}",
                Output = "[1]",
            });
        }

        private void Ask(string what)
        {
            Asked.Add(what);
            if (Asked.Count <= refusals.Length)
            {
                throw new ApiException(refusals[Asked.Count - 1], "Not now.");
            }
        }

        public Task<ExecutionDescription> DescribeAsync(string executionArn, CancellationToken cancellationToken) =>
            throw NotAsked();

        public Task<StateMachineDescription> DescribeStateMachineAsync(
            string executionArn, CancellationToken cancellationToken) => throw NotAsked();

        public Task<Page<ExecutionSummary>> ListAsync(
            string stateMachineArn,
            ExecutionStatus? status,
            int countMax,
            string? nextToken,
            CancellationToken cancellationToken) => throw NotAsked();

        public Task<DateTimeOffset> StopAsync(
            string executionArn, string? error, string? cause, CancellationToken cancellationToken) =>
            throw NotAsked();

        public Task<Page<HistoryEvent>> ReadHistoryAsync(
            string executionArn, int countMax, bool reverse, string? nextToken, CancellationToken cancellationToken) =>
            throw NotAsked();

        public IAsyncEnumerable<HistoryEvent> FollowHistoryAsync(
            string executionArn, long afterEventId, CancellationToken cancellationToken) => throw NotAsked();

        public IAsyncEnumerable<ExecutionSummary> WatchClosedAsync(
            string? stateMachineArn, CancellationToken cancellationToken) => throw NotAsked();

        public void CheckTaskToken(string taskToken) => throw NotAsked();

        public Task SucceedTaskAsync(string taskToken, JsonValue output, CancellationToken cancellationToken) =>
            throw NotAsked();

        public Task FailTaskAsync(
            string taskToken, string? error, string? cause, CancellationToken cancellationToken) => throw NotAsked();

        public Task HeartbeatTaskAsync(string taskToken, CancellationToken cancellationToken) => throw NotAsked();

        public Task<IReadOnlyList<PendingCallback>> ListCallbacksAsync(
            string? stateMachineArn, string? executionName, int countMax, CancellationToken cancellationToken) =>
            throw NotAsked();

        private static NotSupportedException NotAsked() => new("No task asks for this.");
    }

    /// <summary>Whatever is waited for is due at once.</summary>
    private sealed class TimeWithoutWaiting : TimeProvider
    {
        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
