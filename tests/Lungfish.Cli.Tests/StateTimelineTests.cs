using Lungfish.Cli.Client;
using Lungfish.Cli.Rendering;
using Lungfish.Json;

namespace Lungfish.Cli.Tests;

/// <summary>Histories in the shape that the service records them, and the visits that people should see.</summary>
public sealed class StateTimelineTests
{
    [Fact]
    public void Add_RetryThenSuccess_IsOneVisitWithAttempts()
    {
        var timeline = Fold(
            "1<0 ExecutionStarted",
            "2<0 TaskStateEntered A",
            "3<2 LambdaFunctionScheduled",
            "4<3 LambdaFunctionStarted",
            "5<4 LambdaFunctionFailed error=OutOfStock",
            "6<5 LambdaFunctionScheduled",
            "7<6 LambdaFunctionStarted",
            "8<7 LambdaFunctionSucceeded",
            "9<8 TaskStateExited A",
            "10<9 ExecutionSucceeded");

        Assert.Equal("A Task Succeeded attempts=2", Describe(timeline));
    }

    [Fact]
    public void Add_CaughtFailure_SaysWhatWasCaught()
    {
        var timeline = Fold(
            "1<0 ExecutionStarted",
            "2<0 TaskStateEntered A",
            "3<2 TaskScheduled resource=invoke.waitForTaskToken",
            "4<3 TaskStarted",
            "5<4 TaskSubmitted",
            "6<5 TaskFailed error=Refused",
            "7<6 TaskStateExited A",
            "8<7 FailStateEntered B",
            "9<8 ExecutionFailed error=Gone");

        Assert.Equal("A Task Caught Refused attempts=1; B Fail Failed", Describe(timeline));
    }

    [Fact]
    public void Add_SubmittedWithToken_Waits()
    {
        var timeline = Fold(
            "1<0 ExecutionStarted",
            "2<0 TaskStateEntered A",
            "3<2 TaskScheduled resource=invoke.waitForTaskToken",
            "4<3 TaskStarted",
            "5<4 TaskSubmitted");

        Assert.Equal("A Task Waiting attempts=1", Describe(timeline));
        Assert.Null(timeline.End);
    }

    [Fact]
    public void Add_Parallel_PutsBranchesBelowTheirState()
    {
        var timeline = Fold(
            "1<0 ExecutionStarted",
            "2<0 ParallelStateEntered P",
            "3<2 ParallelStateStarted",
            "4<3 PassStateEntered A",
            "5<3 PassStateEntered B",
            "6<4 PassStateExited A",
            "7<6 PassStateEntered A2",
            "8<7 PassStateExited A2",
            "9<5 PassStateExited B",
            "10<9 ParallelStateSucceeded",
            "11<9 ParallelStateExited P",
            "12<11 PassStateEntered C",
            "13<12 PassStateExited C",
            "14<13 ExecutionSucceeded");

        Assert.Equal(
            "P Parallel Succeeded (A Pass Succeeded; B Pass Succeeded; A2 Pass Succeeded); C Pass Succeeded",
            Describe(timeline));
    }

    [Fact]
    public void Add_FailedBranchThatIsCaught_AbortsTheOthers()
    {
        var timeline = Fold(
            "1<0 ExecutionStarted",
            "2<0 ParallelStateEntered P",
            "3<2 ParallelStateStarted",
            "4<3 TaskStateEntered A",
            "5<3 WaitStateEntered B",
            "6<4 LambdaFunctionScheduled",
            "7<6 LambdaFunctionFailed error=Broken",
            "8<7 ParallelStateFailed",
            "9<7 ParallelStateExited P",
            "10<9 PassStateEntered C",
            "11<10 PassStateExited C",
            "12<11 ExecutionSucceeded");

        Assert.Equal(
            "P Parallel Caught Broken (A Task Failed Broken attempts=1; B Wait Aborted); C Pass Succeeded",
            Describe(timeline));
    }

    [Fact]
    public void Add_Map_PutsIterationsBelowIt()
    {
        var timeline = Fold(
            "1<0 ExecutionStarted",
            "2<0 MapStateEntered M",
            "3<2 MapStateStarted",
            "4<3 MapIterationStarted M index=0",
            "5<4 PassStateEntered A",
            "6<5 PassStateExited A",
            "7<6 MapIterationSucceeded M index=0",
            "8<6 MapIterationStarted M index=1",
            "9<8 PassStateEntered A",
            "10<9 PassStateExited A",
            "11<10 MapIterationSucceeded M index=1",
            "12<11 MapStateSucceeded",
            "13<11 MapStateExited M",
            "14<13 ExecutionSucceeded");

        Assert.Equal(
            "M Map Succeeded (M[0] Iteration Succeeded (A Pass Succeeded); "
            + "M[1] Iteration Succeeded (A Pass Succeeded))",
            Describe(timeline));
    }

    [Fact]
    public void Add_Stopped_AbortsWhatIsOpen()
    {
        var timeline = Fold("1<0 ExecutionStarted", "2<0 WaitStateEntered W", "3<0 ExecutionAborted");

        Assert.Equal("W Wait Aborted", Describe(timeline));
    }

    [Theory]
    [InlineData("TaskSubmitted")]
    [InlineData("TaskSucceeded")]
    public void Add_CallOfADurableFunction_NamesTheExecutionThatItStarted(string type)
    {
        const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:f:1/durable-execution/n/0198";

        var timeline = Fold(
            "1<0 ExecutionStarted",
            "2<0 TaskStateEntered A",
            "3<2 TaskScheduled resource=invoke",
            "4<3 TaskStarted",
            $$"""5<4 {{type}} output={"DurableExecutionArn":"{{Arn}}","StatusCode":202}""");

        Assert.Equal("-> n of f:1", Assert.Single(timeline.Roots).Note);
    }

    /// <param name="events">Id, previous id, type, then the state's name and details as name=value.</param>
    private static StateTimeline Fold(params string[] events)
    {
        var timeline = new StateTimeline();
        foreach (var text in events)
        {
            var words = text.Split(' ');
            var ids = words[0].Split('<');
            var details = JsonObject.Empty;
            foreach (var word in words[2..])
            {
                var pair = word.Split('=');
                details = pair.Length == 1 ? details.With("name", word)
                    : pair[0] == "index" ? details.With("index", int.Parse(pair[1]))
                    : details.With(pair[0], pair[1]);
            }

            timeline.Add(new HistoryEvent(JsonObject.Of(
                ("id", int.Parse(ids[0])), ("previousEventId", int.Parse(ids[1])), ("type", words[1]),
                ("timestamp", int.Parse(ids[0])), ("someEventDetails", details))));
        }

        return timeline;
    }

    private static string Describe(StateTimeline timeline) => Describe(timeline.Roots);

    private static string Describe(IReadOnlyList<StateVisit> visits) => string.Join("; ", visits.Select(v =>
        $"{v.Name} {v.Type} {v.Status}"
        + (v is { Error: { } error, Status: VisitStatus.Caught or VisitStatus.Failed } ? $" {error}" : "")
        + (v.Attempts > 0 ? $" attempts={v.Attempts}" : "")
        + (v.Children.Count > 0 ? $" ({Describe(v.Children)})" : "")));
}
