using Lungfish.Cli.Client;
using Lungfish.Cli.Rendering;
using Lungfish.Json;

namespace Lungfish.Cli.Tests;

/// <summary>Histories of durable executions, and what people should see of them.</summary>
public sealed class OperationTimelineTests
{
    private const string CallbackStarted =
        """{"EventType": "CallbackStarted", "EventId": 2, "Id": "a", "Name": "approval", "EventTimestamp": 2}""";

    private const string Stopped =
        """{"EventType": "ExecutionStopped", "EventId": 3, "Id": "0197", "EventTimestamp": 5}""";

    private const string Redriven =
        """{"EventType": "ExecutionRedriven", "EventId": 4, "Id": "0197", "EventTimestamp": 9}""";

    private const string InvocationFailed = """
        {"EventType": "InvocationCompleted", "EventId": 2, "EventTimestamp": 2, "InvocationCompletedDetails":
          {"Error": {"Payload": {"ErrorType": "Runtime.ExitError", "ErrorMessage": "exit status 1"}}}}
        """;

    [Fact]
    public void Add_ExecutionEndsWithAnOpenOperation_ItWaitsNoMore()
    {
        var visit = Assert.Single(Fold(CallbackStarted, Stopped).Roots);

        Assert.Equal(VisitStatus.Aborted, visit.Status);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(5), visit.EndedAt);
    }

    [Fact]
    public void Add_OperationBegunAnewAfterARedrive_WaitsAgain()
    {
        var visit = Assert.Single(Fold(CallbackStarted, Stopped, Redriven, CallbackStarted).Roots);

        Assert.Equal(VisitStatus.Waiting, visit.Status);
        Assert.Null(visit.EndedAt);
    }

    [Fact]
    public void Add_InvocationFailed_IsTroubleUntilTheNextOneIsDone()
    {
        var line = new TimelineLines(Fold(InvocationFailed), glyphs: false).All(DateTimeOffset.UnixEpoch).Last();

        Assert.Equal("  an invocation failed, Runtime.ExitError: exit status 1", line.Pieces[0].Text);
        Assert.Null(Fold(
            InvocationFailed,
            """{"EventType": "InvocationCompleted", "EventId": 3, "EventTimestamp": 3}""").Trouble);
        Assert.Null(Fold(InvocationFailed, Stopped).Trouble);
    }

    private static OperationTimeline Fold(params string[] events)
    {
        var timeline = new OperationTimeline();
        foreach (var added in events)
        {
            _ = timeline.Add(new DurableEvent((JsonObject)JsonValue.Parse(added)));
        }

        return timeline;
    }
}
