using Lungfish.Journal;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Tests.Deciding;

namespace Lungfish.States.Tests.Journal;

/// <summary>Segments as earlier programs wrote them. They never change: every release must read all of them.</summary>
public sealed class FrozenSegmentTests
{
    /// <summary>Start, a retried callback task that times out, a wait; written by version 1 of the format.</summary>
    private static readonly string[] s_versionOne =
    [
        "010301000080808BA988B0B0DE110080800C000D7B226F72646572223A2031377D003C61726E3A6177733A7374617465733A"
            + "75732D656173742D313A3030303030303030303030303A657865637574696F6E3A6F72646572733A66697273740005666972"
            + "7374003961726E3A6177733A7374617465733A75732D656173742D313A3030303030303030303030303A73746174654D6163"
            + "68696E653A6F726465727300066F7264657273002561726E3A6177733A69616D3A3A3030303030303030303030303A726F6C"
            + "652F6F72646572730E000000000300015702C80080B48913A3CFEC61",
        "01040F040280B494BC88B0B0DE11000D000157000C7B226F72646572223A31377D0001541E000300000303022100040000C2"
            + "1B020003737173001C73656E644D6573736167652E77616974466F725461736B546F6B656E000975732D656173742D313C09"
            + "2200050000C00104001C73656E644D6573736167652E77616974466F725461736B546F6B656E168962FE",
        "0102250C0680B494BC88B0B0DE1100F0010001450001430003737173001C73656E644D6573736167652E77616974466F7254"
            + "61736B546F6B656EC9000080DAC4090726525A5F",
        "0102210E07808ED9C588B0B0DE1100C21B000C7B226F72646572223A31377D0003737173001C73656E644D6573736167652E"
            + "77616974466F725461736B546F6B656E000975732D656173742D313C092200080000C00102001C73656E644D657373616765"
            + "2E77616974466F725461736B546F6B656E15313261",
        "0101231209808ED9C588B0B0DE1100C40100117B224D6573736167654964223A226D227D0003737173001C73656E644D6573"
            + "736167652E77616974466F725461736B546F6B656E60E64260",
        "0101CA08809CA7E288B0B0DE11C3F867F4",
        "010F24140A80F6EBEB88B0B0DE1100C401000F7B2269223A5B312C2274776F225D7D0003737173001C73656E644D65737361"
            + "67652E77616974466F725461736B546F6B656E1F000B00000D0001540200014D46000C000003050247000D000082C0030202"
            + "00095B312C2274776F225D004C000E0000832000014D000131004C000E000083200600052274776F22010A000F000F000300"
            + "0150040B0011000005000150044D0012000100812006000A0010000F010307050B001400000508054D001500010081200601"
            + "4800160000004B00160000050600095B312C2274776F225D020018000004063AA70524",
    ];

    [Fact]
    public void Decode_VersionOne_TellsTheSameHistory()
    {
        var world = Replayed();
        var decoded = s_versionOne
            .SelectMany(hex => FactCodec.Decode(Convert.FromHexString(hex), _ => default).AsEnumerable());

        Assert.Equal(world.Facts, decoded);
    }

    [Fact]
    public void Encode_SameFacts_WritesTheSameBytes()
    {
        // A change of the bytes is a new version of the format. Version 2 only adds to version 1.
        Assert.Equal(
            s_versionOne.Select(hex => Convert.FromHexString(hex)[1..^SegmentFrame.ChecksumBytes]),
            Replayed().Segments.Select(s => s.Segment[1..^SegmentFrame.ChecksumBytes].ToArray()));
    }

    /// <summary>All that version 2 adds: variables, places of failed expressions, roles of tasks, map runs; written by
    /// version 2 of the format.</summary>
    private const string VersionTwo =
        "020C0B0C06E0C593A988B0B0DE1104018D8010000153000C7B22746F74616C223A34327D000154020005746F74616C000234"
        + "3200046E616D650009224772C3BCC39F6522210007A09C0100C2834000027B7D00066C616D6264610006696E766F6B650009"
        + "75732D656173742D31002361726E3A6177733A69616D3A3A3030303030303030303030303A726F6C652F7461736B5A0008A0"
        + "9C0100B1802002001B5374617465732E51756572794576616C756174696F6E4572726F72000F697420697320756E64656669"
        + "6E6564000B4F75747075742F615B305D500009A09C010080808001005D61726E3A6177733A7374617465733A75732D656173"
        + "742D313A3030303030303030303030303A6D617052756E3A6F72646572732F656163683A32623166326334652D303030302D"
        + "383030302D383030302D30303030303030303030303100097B2269223A5B315D7D0100035B315DE807038080808080808081"
        + "40010401058080100100077B2262223A317D01000F7B224275636B6574223A22696E227D0100107B224275636B6574223A22"
        + "6F7574227DD20A00095B312C2274776F225D01000573333A3137000A53544154455F44415441D20A000A7B226B223A747275"
        + "657D00000F73333A2F2F6275636B65742F6B6579D30A00020100137B224974656D73223A5B312C2274776F225D7DD30A0101"
        + "00D40A000101000B7B226F6B223A747275657DD40A010300D50A0506808080808080C09440CC0383056DDF";

    [Fact]
    public void Decode_VersionTwo_TellsTheSameFacts() =>
        Assert.Equal(
            FactsOfVersionTwo(), FactCodec.Decode(Convert.FromHexString(VersionTwo), _ => default).AsEnumerable());

    [Fact]
    public void Encode_FactsOfVersionTwo_WritesTheSameBytes() =>
        Assert.Equal(VersionTwo, Convert.ToHexString(FactCodec.Encode([.. FactsOfVersionTwo()]).Segment.Span));

    private static IEnumerable<Fact> FactsOfVersionTwo()
    {
        var state = "S";
        yield return Event(7, HistoryEventType.PassStateExited) with
        {
            Details = new EventDetails
            {
                Name = state,
                Output = JsonObject.Of("total", 42),
                Next = "T",
                Assigned = JsonObject.Of(("total", 42), ("name", "Grüße")),
            },
        };
        yield return Event(8, HistoryEventType.TaskScheduled) with
        {
            Details = new EventDetails
            {
                Input = JsonObject.Empty,
                ResourceType = "lambda",
                Resource = "invoke",
                Region = "us-east-1",
                TaskRoleArn = "arn:aws:iam::000000000000:role/task",
            },
        };
        yield return Event(9, HistoryEventType.EvaluationFailed) with
        {
            Details = new EventDetails
            {
                Name = state,
                Error = "States.QueryEvaluationError",
                Cause = "it is undefined",
                Location = "Output/a[0]",
            },
        };
        yield return Event(10, HistoryEventType.MapRunStarted) with
        {
            Details = new EventDetails { MapRun = Plan },
        };
        yield return new ItemsRead(10, JsonArray.Of(1, "two"), "s3:17", "STATE_DATA");
        yield return new ItemsRead(10, JsonObject.Of("k", JsonValue.True), null, "s3://bucket/key");
        yield return new ChildStarted(10, 0, 2, JsonObject.Of("Items", JsonArray.Of(1, "two")));
        yield return new ChildStarted(10, 1, 1, null);
        yield return new ChildClosed(10, 0, ExecutionStatus.Succeeded, JsonObject.Of("ok", JsonValue.True));
        yield return new ChildClosed(10, 1, ExecutionStatus.TimedOut, null);
        yield return new MapRunUpdated(10, new MapRunLimits(5, 6, 12.5));
        yield return new QuotaExceeded(Quotas.Quota.AssignBytes);
    }

    private static MapRunPlan Plan => new()
    {
        Arn = "arn:aws:states:us-east-1:000000000000:mapRun:orders/each:2b1f2c4e-0000-8000-8000-000000000001",
        Input = JsonObject.Of("i", JsonArray.Of(1)),
        Items = JsonArray.Of(1),
        Limits = new MapRunLimits(1_000, 3, 2.25),
        IsExpress = true,
        ItemsMax = 4,
        IsBatched = true,
        BatchItemsMax = 5,
        BatchBytesMax = 262_144,
        BatchInput = JsonObject.Of("b", 1),
        ReaderParameters = JsonObject.Of("Bucket", "in"),
        WriterParameters = JsonObject.Of("Bucket", "out"),
    };

    private static HistoryEvent Event(long id, HistoryEventType type) => new()
    {
        Id = id,
        PreviousEventId = id - 1,
        Timestamp = World.Noon.AddMilliseconds(id),
        Type = type,
        Scope = new ScopeId(3, 1),
    };

    private static World Replayed() => new World(
        $$"""
        { "StartAt": "W", "States": {
            "W": { "Type": "Wait", "Seconds": 2, "Next": "T" },
            "T": { "Type": "Task", "Resource": "{{Machines.SendWithToken}}", "TimeoutSeconds": 60,
                "HeartbeatSeconds": 9, "Retry": [{ "ErrorEquals": ["E"], "MaxAttempts": 1 }], "Next": "M" },
            "M": { "Type": "Map", "ItemsPath": "$.i", "End": true, "ItemProcessor": {
                "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } } } } }
        """,
        task => task.RetryCount == 0
            ? [new(new TaskFailed(task.Id, "E", "C"))]
            :
            [
                new(new TaskSubmitted(task.Id, JsonObject.Of("MessageId", "m"))),
                new(new TaskHeartbeat(task.Id), TimeSpan.FromSeconds(3)),
                new(new TaskSucceeded(task.Id, JsonObject.Of("i", JsonArray.Of(1, "two"))), TimeSpan.FromSeconds(4)),
            ]).Start("""{"order": 17}""").Run();
}
