using System.Text.Json.Nodes;

namespace Lungfish.EndToEnd.KillTests;

/// <summary>The audit must see what it is there for: a kill test with a blind audit proves nothing.</summary>
public sealed class HistoryAuditTests
{
    [Fact]
    public void Check_RightHistory_FindsNothing() => Assert.Empty(Check(Right()));

    [Fact]
    public void Check_MissingEvent_IsFound()
    {
        var events = Right();
        events.RemoveAt(2);

        Assert.NotEmpty(Check(events));
    }

    [Fact]
    public void Check_EventTwice_IsFound()
    {
        var events = Right();
        events.Insert(3, events[2]?.DeepClone());

        Assert.NotEmpty(Check(events));
    }

    [Theory]
    [InlineData(4, "previousEventId", 9)]
    [InlineData(4, "previousEventId", -1)]
    [InlineData(4, "id", 4)]
    [InlineData(2, "timestamp", 100.5)]
    [InlineData(5, "timestamp", 90)]
    public void Check_WrongNumber_IsFound(int index, string member, double value)
    {
        var events = Right();
        events[index]?.AsObject()[member] =
            member is "timestamp" ? JsonValue.Create(value) : JsonValue.Create((long)value);

        Assert.NotEmpty(Check(events));
    }

    private static IEnumerable<string> Check(JsonArray events) =>
        HistoryAudit.Check(events, Work.HistoryOf(WorkKind.Timers));

    private static JsonArray Right() => new([.. new[]
    {
        Event(1, 0, "ExecutionStarted", 100), Event(2, 0, "WaitStateEntered", 100), Event(3, 2, "WaitStateExited", 101),
        Event(4, 3, "PassStateEntered", 101), Event(5, 4, "PassStateExited", 101),
        Event(6, 5, "WaitStateEntered", 101), Event(7, 6, "WaitStateExited", 102.2),
        Event(8, 7, "ExecutionSucceeded", 102.2),
    }]);

    private static JsonObject Event(long id, long previous, string type, double timestamp) => new()
    {
        ["id"] = id,
        ["previousEventId"] = previous,
        ["type"] = type,
        ["timestamp"] = timestamp,
    };
}
