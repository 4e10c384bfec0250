using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Model;

namespace Lungfish.States.Tests.Deciding;

public sealed class TaskTests
{
    [Fact]
    public void Schedule_Task_HandsOutWhatTheParametersSay()
    {
        var world = new World(Machines.Task(
            Machines.Send, """ "End": true, "TimeoutSecondsPath": "$.t", "Parameters": { "p.$": "$.a" } """))
            .Start("""{"a":[1],"t":30}""");

        var task = Assert.Single(world.Execution.PendingTasks).Value;
        Assert.Equal(3, task.Id);
        Assert.Equal("""{"p":[1]}""", task.Input.ToText());
        Assert.Equal(TimeSpan.FromSeconds(30), task.Timeout);
        Assert.Equal("S", task.StateName);
        Assert.Equal(TaskPhase.Scheduled, task.Phase);
        Assert.IsType<ServiceIntegration>(task.Resource);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"60\"")]
    [InlineData("100000000")]
    public void Schedule_TimeoutThatIsNoPositiveInteger_FailsTheExecution(string seconds)
    {
        var world = new World(Machines.Task(Machines.Send, "\"End\": true, \"TimeoutSecondsPath\": \"$.t\""))
            .Start($$"""{"t":{{seconds}}}""");

        Assert.Equal("States.Runtime", world.Execution.Error);
    }

    [Fact]
    public void Schedule_TimeoutPathMissing_SaysSoAsRecorded()
    {
        var world = new World(Machines.Task(Machines.Send, "\"End\": true, \"TimeoutSecondsPath\": \"$.t\"")).Start();

        Assert.Equal(
            "An error occurred while executing the state 'S' (entered at the event id #2). "
            + "Invalid path '$.t' : No results for path: $['t']",
            world.Execution.Cause);
    }

    [Fact]
    public void Schedule_TokenIsRead_IsTheOneOfThatAttempt()
    {
        List<string> inputs = [];
        _ = new World(
            Machines.Task(Machines.SendWithToken, """
                "End": true, "Parameters": { "t.$": "$$.Task.Token" },
                "Retry": [{ "ErrorEquals": ["E"], "MaxAttempts": 1 }]
                """),
            task =>
            {
                inputs.Add(task.Input.ToText());
                return World.Fail("E", null)(task);
            }).Start().Run();

        Assert.Equal(["""{"t":"token-3"}""", """{"t":"token-6"}"""], inputs);
    }

    [Fact]
    public void Heartbeat_InTime_KeepsTheTaskAlive()
    {
        var beats = Enumerable.Range(1, 5).Select(i => TimeSpan.FromSeconds(4 * i));
        var world = new World(
            Machines.Task(Machines.SendWithToken, "\"End\": true, \"HeartbeatSeconds\": 5"),
            task =>
            [
                new(new TaskSubmitted(task.Id, 1)),
                .. beats.Select(beat => new Answer(new TaskHeartbeat(task.Id), beat)),
            ]).Start().Run();

        Assert.Equal(HistoryEventType.TaskTimedOut, world.Event(6).Type);
        Assert.Equal(World.Noon.AddSeconds(25), world.Event(6).Timestamp);
    }

    [Fact]
    public void Heartbeat_BeforeTheCallWasMade_ClockDoesNotRun()
    {
        var world = new World(
            Machines.Task(Machines.SendWithToken, "\"End\": true, \"HeartbeatSeconds\": 5")).Start();

        Assert.Empty(world.Execution.Timers);
        Assert.Empty(world.Send(new TaskHeartbeat(3)).Execution.Timers);
    }

    [Fact]
    public void Heartbeat_OfATaskWithoutHeartbeat_DecidesNothing()
    {
        var world = new World(Machines.Task(Machines.ActivityArn)).Start().Send(new TaskTaken(3, null));
        var facts = world.Facts.Count;

        Assert.Equal(facts, world.Send(new TaskHeartbeat(3)).Facts.Count);
    }

    [Fact]
    public void Timer_MovedMeanwhile_DecidesNothing()
    {
        var world = new World(Machines.Task(Machines.ActivityArn, "\"End\": true, \"HeartbeatSeconds\": 60"))
            .Start()
            .Send(new TaskTaken(3, "w"));
        var decision = ExecutionDecider.Decide(
            world.Execution,
            new TimerDue(new TimerId(TimerKind.TaskHeartbeat, 3)),
            World.Noon.AddSeconds(59),
            new Seed(1),
            world);

        Assert.Empty(decision.Facts);
        Assert.Empty(decision.Effects);
        Assert.Same(world.Execution, decision.After);
    }

    [Fact]
    public void Answer_ToATaskThatIsOver_DecidesNothing()
    {
        var world = new World(Machines.Task(Machines.Send), World.Succeed(1)).Start().Run();
        var facts = world.Facts.Count;

        Message[] late =
        [
            new TaskSucceeded(3, 2),
            new TaskFailed(3, "E", "C"),
            new TaskSubmitted(3, 2),
            new TaskTaken(3, "w"),
            new TaskHeartbeat(3),
            new TaskSucceeded(99, 2),
            new TimerDue(new TimerId(TimerKind.TaskTimeout, 3)),
            new Stop("E", "C"),
            new Continue(),
        ];
        Assert.All(late, message => Assert.Equal(facts, world.Send(message).Facts.Count));
    }

    [Fact]
    public void Taken_Twice_StartsOnce()
    {
        var world = new World(Machines.Task(Machines.ActivityArn)).Start();

        _ = world.Send(new TaskTaken(3, "first")).Send(new TaskTaken(3, "second"));

        var started = Assert.Single(world.History, e => e.Type == HistoryEventType.ActivityStarted);
        Assert.Equal("first", started.Details.WorkerName);
        Assert.Equal(TaskPhase.AwaitingAnswer, world.Execution.PendingTasks[3].Phase);
    }

    [Fact]
    public void Activity_NobodyTakesIt_TimesOutFromItsScheduling()
    {
        var machine = Machines.Task(Machines.ActivityArn, "\"End\": true, \"TimeoutSeconds\": 5");

        var world = new World(machine).Start().Run();

        Assert.Equal(["3<2 ActivityScheduled", "4<3 ActivityTimedOut", "5<4 ExecutionFailed"], world.Rendered()[2..]);
    }

    [Fact]
    public void Stop_WithATaskPending_CancelsIt()
    {
        var world = new World(Machines.Task(Machines.Send, "\"End\": true, \"TimeoutSeconds\": 5")).Start();

        var decision = ExecutionDecider.Decide(
            world.Execution, new Stop("Halt", "by hand"), World.Noon, new Seed(1), world);

        Assert.Equal(
            [new CancelTask(3), new CancelTimer(new TimerId(TimerKind.TaskTimeout, 3))],
            decision.Effects.AsEnumerable());
        Assert.Equal(ExecutionStatus.Aborted, decision.After.Status);
        Assert.Equal("Halt", decision.After.Error);
        Assert.Equal("by hand", decision.After.Cause);
    }

    [Fact]
    public void MachineTimeout_FoundLate_StopsAtTheLimitExactly()
    {
        var world = new World(Machines.Of(
            """ "Type": "Wait", "Seconds": 900, "End": true """, machine: "\"TimeoutSeconds\": 300,")).Start();
        world.Now = World.Noon.AddHours(1);

        _ = world.Run();

        Assert.Equal(ExecutionStatus.TimedOut, world.Execution.Status);
        Assert.Equal(World.Noon.AddSeconds(300), world.Execution.StoppedAt);
    }
}
