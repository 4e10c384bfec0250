using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.States.Testing;

/// <summary>One state of an execution that exists for it alone, decided by the deciders of all executions.</summary>
/// <remarks>It is entered, does its work once or is given the outcome of it, and is not left for the next one. Not for
/// several threads.</remarks>
public sealed class StateTest
{
    private readonly StateTestSetup _setup;
    private readonly Seed _seed;
    private readonly ISurroundings _surroundings;
    private readonly Inspector _inspector;
    private Execution _execution;

    private StateTest(StateTestSetup setup, DateTimeOffset now, Seed seed, ISurroundings surroundings)
    {
        _setup = setup;
        _seed = seed;
        _surroundings = surroundings;
        _execution = TestedExecution.Enter(setup, now);
        _inspector = new Inspector(setup.Context ?? MockedContext.Make(setup, now), new StateInspection
        {
            Input = setup.Input,

            // Recorded in test_state_scenarios (BASE_FAIL_STATE): it has no InputPath, and shows it all the same.
            AfterInputPath = setup.State is FailState { Data: JsonPathFlow } ? setup.Input : null,
        });
    }

    /// <summary>Null while the state waits for its work or for a moment, and if there is a refusal.</summary>
    public StateTestResult? Result { get; private set; }

    /// <summary>What was only found while testing; null if there is nothing.</summary>
    public TestRefusal? Refusal { get; private set; }

    /// <summary>The work to be done; null if the state waits for a moment alone.</summary>
    public PendingTask? Task => _execution.PendingTasks.Values.FirstOrDefault();

    /// <summary>The items to be read from what the test gives to an ItemReader; null if there are none.</summary>
    public ItemSource? ItemsWanted { get; private set; }

    /// <summary>When <see cref="TakeDueTimers"/> wants to be called; null if it does not.</summary>
    public DateTimeOffset? NextDue => _execution.Timers.IsEmpty ? null : _execution.Timers.Values.Min();

    public static StateTest Begin(StateTestSetup setup, DateTimeOffset now, Seed seed, ISurroundings surroundings)
    {
        var test = new StateTest(setup, now, seed, surroundings);
        test.Decide(turn => test.Attempt(turn, read: null), now);
        return test;
    }

    /// <summary>What the <see cref="ItemsWanted"/> are.</summary>
    /// <param name="origin">What <c>Map.Item.Source</c> says of them.</param>
    public void TakeItems(JsonValue items, string origin, DateTimeOffset now)
    {
        var read = new ItemsHaveArrived(MapRun: 0, Position: null, items, Next: null, origin);
        Decide(turn => Attempt(turn, read), now);
    }

    /// <summary>The <see cref="ItemsWanted"/> cannot be read.</summary>
    public void TakeNoItems(string cause, DateTimeOffset now)
    {
        ItemsWanted = null;
        var failure = new StateFailure(ErrorNames.ItemReaderFailed, cause, FailureKind.State);
        Decide(turn => StateDecider.FailWith(turn, turn.GetScope(ScopeId.Root), failure), now);
    }

    /// <summary>The outcome of the <see cref="Task"/>.</summary>
    public void Take(Message outcome, DateTimeOffset now) =>
        Decide(turn => ExecutionDecider.Handle(turn, outcome), now);

    public void TakeDueTimers(DateTimeOffset now)
    {
        foreach (var (timer, due) in _execution.Timers)
        {
            if (due <= now)
            {
                Decide(turn => ExecutionDecider.Handle(turn, new TimerDue(timer)), now);
            }
        }
    }

    /// <summary>Documented: a test that takes too long fails with States.Timeout.</summary>
    public void Expire() => Result = new StateTestResult
    {
        Status = StateTestStatus.Failed,
        Error = ErrorNames.Timeout,
        Inspection = _inspector.Seen,
    };

    private void Attempt(Turn turn, ItemsHaveArrived? read)
    {
        switch (_setup)
        {
            case { State: MapState or ParallelState, Mock: { } mock }:
                (_, Refusal, ItemsWanted) = MockedFan.Decide(turn, _setup, mock, read);
                break;
            case { Mock: { } mock }:
                StateDecider.Attempt(turn, ScopeId.Root);
                Answer(turn, mock);
                break;
            default:
                StateDecider.Attempt(turn, ScopeId.Root);
                break;
        }
    }

    private static void Answer(Turn turn, StateMock mock)
    {
        foreach (var task in turn.Execution.PendingTasks.Values)
        {
            switch (mock)
            {
                case MockedResult mocked:
                    TaskDecider.WhenSucceeded(turn, new TaskSucceeded(task.Id, mocked.Result));
                    break;
                case MockedError mocked:
                    TaskDecider.Fail(turn, task, mocked.ToFailure());
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException($"No answer from a {mock.GetType().Name}.");
            }
        }
    }

    private void Decide(Action<Turn> decide, DateTimeOffset now)
    {
        var turn = new Turn(_execution, now, _seed, _surroundings) { Inspector = _inspector };
        decide(turn);
        _execution = turn.Execution;
        Result = Refusal is null ? FindResult(now) : null;
    }

    private StateTestResult? FindResult(DateTimeOffset now)
    {
        var root = _execution.Root;
        if (_execution.Ending is { Status: not ExecutionStatus.Succeeded } ending)
        {
            return ResultOf(StateTestStatus.Failed) with { Error = ending.Error, Cause = ending.Cause };
        }

        if (root.Visit is null)
        {
            var isCaught = _inspector.Seen.CatchIndex is not null;
            return ResultOf(isCaught ? StateTestStatus.CaughtError : StateTestStatus.Succeeded) with
            {
                Output = root.Value,
                NextState = root.Next,
                Error = isCaught ? _inspector.Failure?.Error : null,
                Cause = isCaught ? _inspector.Failure?.Cause : null,
            };
        }

        foreach (var (timer, due) in _execution.Timers)
        {
            if (timer.Kind == TimerKind.Retry)
            {
                _inspector.WouldRetry(due - now);
                return ResultOf(StateTestStatus.Retriable) with
                {
                    Error = _inspector.Failure?.Error,
                    Cause = _inspector.Failure?.Cause,
                };
            }
        }

        return null;
    }

    private StateTestResult ResultOf(StateTestStatus status) => new()
    {
        Status = status,
        Inspection = _inspector.Seen with { Variables = TestedExecution.Variables(_execution) },
    };
}
