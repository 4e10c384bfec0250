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
