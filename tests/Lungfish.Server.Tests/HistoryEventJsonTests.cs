using System.Buffers;
using System.Text.Json;
using Lungfish.Durable;
using Lungfish.Durable.Journal;
using Lungfish.Json;
using Lungfish.Server.Lambda.Durable;

namespace Lungfish.Server.Tests;

/// <summary>History events on the wire, as durable.md 7 and the API's model have them.</summary>
public sealed class HistoryEventJsonTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch.AddSeconds(10);

    private static readonly EventDetails Failed = new() { Error = new ErrorObject { ErrorType = "T" } };

    private static readonly ChainedTarget Target = new(
        "f:1", "1", "blue", "arn:aws:lambda:us-east-1:000000000000:function:f:1", "1", "arn:child", IsSent: true);

    public static TheoryData<HistoryEventType, EventDetails, string> Shapes => new()
    {
        {
            HistoryEventType.ExecutionStarted,
            new EventDetails { Payload = "{\"a\":1}", Identity = Identity() },
            """{"Input":{"Payload":"{\"a\":1}","Truncated":false},"ExecutionTimeout":60}"""
        },
        { HistoryEventType.ExecutionSucceeded, Result("1"), """{"Result":{"Payload":"1","Truncated":false}}""" },
        { HistoryEventType.ExecutionSucceeded, EventDetails.None, """{"Result":{"Truncated":false}}""" },
        { HistoryEventType.ContextSucceeded, Result(""), """{"Result":{"Payload":"","Truncated":false}}""" },
        { HistoryEventType.CallbackSucceeded, Result("null"), """{"Result":{"Payload":"null","Truncated":false}}""" },
        { HistoryEventType.ExecutionFailed, Failed, """{"Error":{"Payload":{"ErrorType":"T"},"Truncated":false}}""" },
        { HistoryEventType.ExecutionStopped, EventDetails.None, """{"Error":{"Truncated":false}}""" },
        { HistoryEventType.ExecutionTimedOut, EventDetails.None, "{}" },
        { HistoryEventType.ContextStarted, EventDetails.None, "{}" },
        { HistoryEventType.StepStarted, EventDetails.None, "{}" },
        {
            HistoryEventType.StepSucceeded,
            Result("1") with { CurrentAttempt = 2 },
            """{"Result":{"Payload":"1","Truncated":false},"RetryDetails":{"CurrentAttempt":2}}"""
        },
        {
            HistoryEventType.StepFailed,
            Failed with { CurrentAttempt = 1, NextAttemptDelaySeconds = 6 },
            """
            {"Error":{"Payload":{"ErrorType":"T"},"Truncated":false},
             "RetryDetails":{"CurrentAttempt":1,"NextAttemptDelaySeconds":6}}
            """
        },
        {
            HistoryEventType.WaitStarted,
            new EventDetails { Duration = 2, ScheduledEndAt = At.AddSeconds(2) },
            """{"Duration":2,"ScheduledEndTimestamp":12}"""
        },
        { HistoryEventType.WaitSucceeded, new EventDetails { Duration = 2 }, """{"Duration":2}""" },
        { HistoryEventType.WaitCancelled, EventDetails.None, "{}" },
        {
            HistoryEventType.CallbackStarted,
            new EventDetails { CallbackId = "a+/=", Timeout = 5, HeartbeatTimeout = 0 },
            """{"CallbackId":"a+/=","Timeout":5}"""
        },
        {
            HistoryEventType.ChainedInvokeStarted,
            new EventDetails { Target = Target },
            """
            {"FunctionName":"f:1","TenantId":"blue","Input":{"Payload":"1","Truncated":false},"ExecutedVersion":"1",
             "DurableExecutionArn":"arn:child"}
            """
        },
        {
            HistoryEventType.InvocationCompleted,
            new EventDetails { Invocation = new("r", At, At.AddMilliseconds(5)) },
            """{"StartTimestamp":10,"EndTimestamp":10.005,"RequestId":"r"}"""
        },
        { HistoryEventType.ExecutionRedriven, EventDetails.None, "{}" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Write_EventOfAType_HasItsDetails(HistoryEventType type, EventDetails details, string expected) =>
        Assert.Equal(JsonValue.Parse(expected), Written(type, details)[$"{type}Details"]);

    [Fact]
    public void Write_MembersThatAreNotSet_AreLeftOut()
    {
        var written = Write(new HistoryEvent { EventId = 1, Type = HistoryEventType.StepStarted, Timestamp = At });

        Assert.Equal(["EventType", "EventId", "EventTimestamp", "StepStartedDetails"], written.Select(m => m.Key));
    }

    [Theory]
    [InlineData(
        HistoryEventType.StepSucceeded, """{"Result":{"Truncated":false},"RetryDetails":{"CurrentAttempt":1}}""")]
    [InlineData(HistoryEventType.StepFailed, """{"Error":{"Truncated":false},"RetryDetails":{"CurrentAttempt":1}}""")]
    public void Write_WithoutData_LeavesPayloadsOutAndTheRestIn(HistoryEventType type, string expected)
    {
        var details = Failed with { Payload = "1", CurrentAttempt = 1 };

        Assert.Equal(JsonValue.Parse(expected), Written(type, details, includesData: false)[$"{type}Details"]);
    }

    private static EventDetails Result(string payload) => new() { Payload = payload };

    private static DurableIdentity Identity() => new()
    {
        Arn = "arn",
        Name = "n",
        Id = "i",
        FunctionArn = "f:1",
        Version = "1",
        ExecutionTimeoutSeconds = 60,
        RetentionDays = 14,
    };

    private static JsonObject Written(HistoryEventType type, EventDetails details, bool includesData = true) => Write(
        new HistoryEvent { EventId = 3, Type = type, Timestamp = At, Details = details }, includesData);

    private static JsonObject Write(HistoryEvent happened, bool includesData = true)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        HistoryEventJson.Write(writer, happened, includesData);
        writer.Flush();
        return Assert.IsType<JsonObject>(JsonValue.Parse(buffer.WrittenSpan));
    }
}
