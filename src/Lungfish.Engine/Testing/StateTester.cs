using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.MapRuns;
using Lungfish.Engine.Tasks;
using Lungfish.Engine.Timing;
using Lungfish.States.Deciding;
using Lungfish.States.Quotas;
using Lungfish.States.Testing;

namespace Lungfish.Engine.Testing;

/// <summary>Tests single states: the decider decides as for an execution, nothing becomes durable, and real work is
/// done while the caller waits.</summary>
internal sealed class StateTester(
    TaskDispatcher dispatcher, EngineOptions options, EngineClock clock, TimeProvider time) : IStateTests
{
    /// <summary>Documented: a test runs at most this long.</summary>
    private static readonly TimeSpan DurationMax = TimeSpan.FromMinutes(5);

    private readonly StateTestReader _reader = new(options.AnswerSchemas, dispatcher.CanRun);

    public async Task<StateTestResult> RunAsync(StateTestRequest request, CancellationToken cancellationToken)
    {
        var name = Guid.NewGuid();
        var setup = _reader.Read(request, IdentityOf(name, request.RoleArn), out var refusal);
        if (setup is null)
        {
            throw Refused(refusal);
        }

        var now = clock.Now;
        var limit = now + DurationMax;
        var test = StateTest.Begin(setup, now, SeedOf(name), new TestSurroundings(name, options.Quotas));
        if (test.ItemsWanted is { } source)
        {
            await ReadItemsAsync(test, source, setup.Configuration.MapItemReaderData ?? "", cancellationToken);
        }

        while (test is { Result: null, Refusal: null })
        {
            await GoOnAsync(test, name, setup.Identity, limit, cancellationToken);
        }

        return test.Result ?? throw Refused(test.Refusal);
    }

    private async Task ReadItemsAsync(
        StateTest test, ItemSource source, string data, CancellationToken cancellationToken)
    {
        try
        {
            var texts = options.ItemTexts ?? throw new ItemReaderException("This server reads no items for tests.");
            var page = await texts.ReadAsync(source, data, cancellationToken);
            test.TakeItems(page.Items, page.Origin, clock.Now);
        }
        catch (ItemReaderException e)
        {
            test.TakeNoItems(e.Message, clock.Now);
        }
    }

    /// <summary>Does the work that the state waits for, or waits with it.</summary>
    private async Task GoOnAsync(
        StateTest test,
        Guid name,
        ExecutionIdentity identity,
        DateTimeOffset limit,
        CancellationToken cancellationToken)
    {
        var due = test.NextDue is { } next && next < limit ? next : limit;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var until = WaitUntilAsync(due, waiting.Token);
        if (test.Task is not { } task)
        {
            await until;
        }
        else if (await OutcomeOfAsync(AssignmentOf(name, identity, task), until) is { } outcome)
        {
            await waiting.CancelAsync();
            test.Take(MessageOf(task.Id, outcome), clock.Now);
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (clock.Now >= limit)
        {
            test.Expire();
        }
        else
        {
            test.TakeDueTimers(clock.Now);
        }
    }

    /// <returns>Null if it was not there in time; then nobody waits for it any more.</returns>
    private async Task<TaskOutcome?> OutcomeOfAsync(TaskAssignment assignment, Task until)
    {
        var run = new TestRun(assignment);
        if (dispatcher.Start(run) is { } atOnce)
        {
            return atOnce;
        }

        if (await Task.WhenAny(run.Outcome, until) == run.Outcome)
        {
            return await run.Outcome;
        }

        run.Withdraw();
        return null;
    }

    private async Task WaitUntilAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        // A timer may fire a little early by another clock: nothing is due before our clock says so.
        for (var left = due - clock.Now; left > TimeSpan.Zero; left = due - clock.Now)
        {
            await Task.Delay(left, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static Message MessageOf(long taskId, TaskOutcome outcome) => outcome switch
    {
        TaskCompleted completed => new TaskSucceeded(taskId, completed.Output),
        TaskFaulted failed => new TaskFailed(taskId, failed.Error, failed.Cause),
        _ => throw new System.Diagnostics.UnreachableException(
            $"A test without a mock has no answer for {outcome.GetType().Name}."),
    };

    /// <summary>Recorded in state_configuration: the ARN is one of an express workflow, but of two names.</summary>
    private ExecutionIdentity IdentityOf(Guid name, string? roleArn)
    {
        var machine = $"TestState-{Guid.NewGuid()}";
        return new ExecutionIdentity
        {
            ExecutionArn = options.Account.ExecutionArn(machine, name.ToString())
                .Replace(":execution:", ":express:", StringComparison.Ordinal),
            ExecutionName = name.ToString(),
            StateMachineArn = options.Account.StateMachineArn(machine),
            StateMachineName = machine,
            RoleArn = roleArn ?? "",
        };
    }

    private static TaskAssignment AssignmentOf(Guid name, ExecutionIdentity identity, PendingTask task)
    {
        var slot = Slot.Of(identity.StateMachineArn, identity.ExecutionName);
        return new TaskAssignment(new ExecutionId(slot, name), identity, task, Token: null);
    }

    private static ApiException Refused(TestRefusal? refusal) => refusal switch
    {
        { Kind: TestRefusalKind.Definition } => StepFunctionsErrors.InvalidDefinition(refusal.Message),
        { Kind: TestRefusalKind.NotTestable } => StepFunctionsErrors.StateNotTestable(refusal.Message),
        not null => StepFunctionsErrors.InvalidTest(refusal.Message),
        null => throw new System.Diagnostics.UnreachableException("Neither a test nor a refusal."),
    };

    private static Seed SeedOf(Guid name) => new(BitConverter.ToUInt64(name.ToByteArray()));

    /// <summary>A task of a test on its way through its handler.</summary>
    private sealed class TestRun(TaskAssignment assignment) : ITaskRun
    {
        private readonly CancellationTokenSource _cancellation = new();
        private readonly TaskCompletionSource<TaskOutcome?> _outcome =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskAssignment Assignment => assignment;

        public CancellationToken Cancelled => _cancellation.Token;

        public Task<TaskOutcome?> Outcome => _outcome.Task;

        public void Ended(TaskOutcome? outcome) => _outcome.SetResult(outcome);

        public void Withdraw() => _ = _cancellation.CancelAsync();
    }

    /// <summary>Activities and tokens are only seen in tests with a mock: every activity is there, and the token
    /// completes nothing.</summary>
    private sealed class TestSurroundings(Guid name, QuotaPolicy quotas) : ISurroundings
    {
        public QuotaPolicy Quotas => quotas;

        public bool ActivityExists(string activityArn) => true;

        public string TaskToken(ExecutionIdentity execution, long taskId) => $"TestState-{name:N}-{taskId}";
    }
}
