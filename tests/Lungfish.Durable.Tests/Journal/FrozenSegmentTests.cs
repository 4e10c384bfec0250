using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Durable.Tests.Testing;
using static Lungfish.Durable.Tests.Testing.Updates;
using Succeeded = Lungfish.Durable.Deciding.CallbackSucceeded;

namespace Lungfish.Durable.Tests.Journal;

/// <summary>Segments as earlier programs wrote them. They never change: every release must read all of them.</summary>
public sealed class FrozenSegmentTests
{
    /// <summary>An execution that meets every kind of fact; written by version 1 of the format.</summary>
    private static readonly string[] s_versionOne =
    [
        "010601008080E188C2E2BBDE119380020003752D3100076F726465722D3100027B7D005661726E3A6177733A6C616D626461"
            + "3A75732D656173742D313A3132333435363738393031323A66756E6374696F6E3A663A244C41544553542F64757261626C65"
            + "2D657865637574696F6E2F6F726465722D312F752D310302003861726E3A6177733A6C616D6264613A75732D656173742D31"
            + "3A3132333435363738393031323A66756E6374696F6E3A663A244C41544553540007244C4154455354A08D060E00C8010024"
            + "66326631343233662D653239622D386366302D626265652D323861353861626532386563000C000009000173000453746570"
            + "0D00009901080900077B2261223A317D010C000009000172090E0000A9030A09030004426F6F6D000949742062726F6B652E"
            + "01020A3AC41F",
        "0106CA01000100037472798080E188C2E2BBDE11060A0009000178001152756E496E4368696C64436F6E746578741400008D"
            + "7000016303000843616C6C6261636B0005752D312F3409040F0000898001000169000D436861696E6564496E766F6B651D00"
            + "0764757261626C6500027B7D003861726E3A6177733A6C616D6264613A75732D656173742D313A3132333435363738393031"
            + "323A66756E6374696F6E3A64757261626C653A3100013100940161726E3A6177733A6C616D6264613A75732D656173742D31"
            + "3A3132333435363738393031323A66756E6374696F6E3A64757261626C653A312F64757261626C652D657865637574696F6E"
            + "2F34643134653231312D313730612D386162622D623563342D6466396463353766333732652F63386637313266322D373765"
            + "332D383635632D616263322D6166336535376461646237370C000009000170001057616974466F72436F6E646974696F6E0D"
            + "000099030E0F010200D80102E0BC8B34",
        "010609148080E188C2E2BBDE11890C0001770004576169740A808288B4A1F19DEF08CA01010000CC04001800008080040024"
            + "66326631343233662D653239622D386366302D626265652D3238613538616265323865630000CD05CB02110EEC31",
        "0106CB06C802002431646230323565392D313235392D383831332D626262342D38356331623464613438393780B4EA9BC2E2"
            + "BBDE11181800A080040F00015400014D00014402000461742061000461742062020000C980DAC4091500FFD9C4091D000163"
            + "000178000843616C6C6261636B00052279657322C803002436363931663431642D313939302D383234302D393235372D3933"
            + "3464646162393837653380DAC409B6C0855E",
        "0106101C808EAFA5C2E2BBDE1119000169000D436861696E6564496E766F6B650001370B0000090001770004576169740C00"
            + "00090001660004537465700E0000A9010607030004426F6F6D000949742062726F6B652E0107000049000178001152756E49"
            + "6E4368696C64436F6E74657874CA0300000060D56DDD",
        "01061826808EAFA5C2E2BBDE11808004002436363931663431642D313939302D383234302D393235372D3933346464616239"
            + "383765330000030000230003752D3100076F726465722D31030004426F6F6D000949742062726F6B652E190000030304CE01"
            + "08C804002432663330323866342D623631382D383463642D383234352D613531373335383837613966001800008080040600"
            + "004CEF345D",
        "0101022E808EAFA5C2E2BBDE11130003752D3100076F726465722D3100023432B5B8094C",
    ];

    [Fact]
    public void Decode_VersionOne_TellsTheSameFacts() => Assert.Equal(
        Replayed(),
        s_versionOne.SelectMany(hex => FactCodec.Decode(Convert.FromHexString(hex), _ => default).AsEnumerable()));

    [Fact]
    public void Encode_SameFacts_WritesTheSameBytes()
    {
        // A change of the bytes is a new version of the format.
        var facts = Replayed();
        var written = new List<string>();
        for (var at = 0; at < facts.Count;)
        {
            var count = FactCodec.Decode(Convert.FromHexString(s_versionOne[written.Count]), _ => default).Length;
            written.Add(Convert.ToHexString(FactCodec.Encode([.. facts.Skip(at).Take(count)]).Segment.Span));
            at += count;
        }

        Assert.Equal(s_versionOne, written);
    }

    [Fact]
    public void Scenario_OfTheSegments_HasEveryKindOfFact()
    {
        var facts = Replayed();
        var kinds = typeof(Fact).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Fact)));

        Assert.Equal(kinds.ToHashSet(), facts.Select(fact => fact.GetType()).ToHashSet());
    }

    private static IReadOnlyList<Fact> Replayed()
    {
        var life = Life.Started();
        _ = life.Tell(new CheckpointReceived(life.State.Token, "try", [StepDone("s", "{\"a\":1}"), StepRetry("r", 2)]));
        _ = life.Checkpoint(
            Context("x"), Callback("c", 9, 4, parent: "x"), Invoke("i"), Poll("p", "\ud800"), Wait("w"));
        _ = life.Tell(new CallbackHeartbeat(4));
        _ = life.Suspend();
        _ = life.Pass(2);
        _ = life.Return(new InvocationFaulted(new ErrorObject
        {
            ErrorType = "T",
            ErrorMessage = "M",
            ErrorData = "D",
            StackTrace = ["at a", "at b"],
        }));
        _ = life.Tell(new Succeeded(4, "\"yes\""));
        _ = life.Pass(1);
        _ = life.Tell(new ChainedInvokeEnded(5, OperationStatus.Succeeded, "7", null));
        _ = life.Checkpoint(Cancel("w"), StepFailed("f"), ContextDone("x", null, replay: true));
        _ = life.Return(new ReturnedFailure(Boom));
        _ = life.Tell(new Redrive());
        _ = life.Return(new ReturnedSuccess("42"));
        return life.Facts;
    }
}
