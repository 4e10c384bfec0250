using System.Text.Json.Nodes;
using Lungfish.DurableConformance.Matching;
using Lungfish.DurableConformance.Requirements;
using Lungfish.DurableConformance.Running;

namespace Lungfish.DurableConformance;

/// <summary>The judge must tell a wrong history, log or result from a right one, or the rest proves nothing.</summary>
public sealed class MatchingTests
{
    private const string Step =
        """{"EventType":"StepStarted","EventId":2,"Id":"${ID1}","StepStartedDetails":{}}""";

    [Theory]
    [InlineData("\"*\"", "1")]
    [InlineData("\"*\"", "null")]
    [InlineData("{}", "\"anything\"")]
    [InlineData("1", "1.0")]
    [InlineData("{\"a\":1}", "{\"a\":1,\"b\":2}")]
    [InlineData("[1,\"*\"]", "[1,{}]")]
    [InlineData("\"${/^[0-5]$/}\"", "5")]
    [InlineData("\"${/.*TransientError$/}\"", "\"a.b.TransientError\"")]
    [InlineData("\"Hello, ${NAME}!\"", "\"Hello, Lungfish!\"")]
    [InlineData("null", "null")]
    public void Compare_MemberAsExpected_NoDifference(string expected, string actual) =>
        Assert.Empty(CompareMember(expected, actual));

    [Theory]
    [InlineData("1", "2")]
    [InlineData("1", "\"1\"")]
    [InlineData("true", "1")]
    [InlineData("false", "null")]
    [InlineData("null", "\"null\"")]
    [InlineData("\"a\"", "\"A\"")]
    [InlineData("{\"a\":1}", "{\"b\":1}")]
    [InlineData("{\"a\":\"*\"}", "{}")]
    [InlineData("{\"a\":\"*\"}", "\"a\"")]
    [InlineData("[1]", "[1,2]")]
    [InlineData("\"${/^[0-5]$/}\"", "15")]
    [InlineData("\"Hello, ${NAME}!\"", "\"Hello, ${NAME}!\"")]
    public void Compare_MemberDiffers_IsTold(string expected, string actual) =>
        Assert.Single(CompareMember(expected, actual));

    [Fact]
    public void Compare_EventIsMissing_IsTold() => Assert.Single(Compare([Step], "[]"));

    [Fact]
    public void Compare_OneEventTooMany_EverythingAfterItDiffers() => Assert.NotEmpty(Compare(
        [Step],
        """[{"EventType":"ExecutionStarted","EventId":1},{"EventType":"InvocationCompleted","EventId":2}]"""));

    [Fact]
    public void Compare_DetailsAreMissing_IsTold() =>
        Assert.Single(Compare([Step], """[{"EventType":"StepStarted","EventId":2,"Id":"1"}]"""));

    [Theory]
    [InlineData("a", 0)]
    [InlineData("b", 1)]
    public void Compare_PlaceholderTwice_StandsForOneValue(string second, int differences)
    {
        const string Expected = """{"EventType":"StepSucceeded","EventId":3,"Id":"${ID1}"}""";
        var actual = $$"""
            [{"EventType":"StepStarted","EventId":2,"Id":"a","StepStartedDetails":{} },
             {"EventType":"StepSucceeded","EventId":3,"Id":"{{second}}"}]
            """;

        Assert.Equal(differences, Compare([Step, Expected], actual).Count);
    }

    [Fact]
    public void FindBreaches_HistoryAsItShouldBe_None() =>
        Assert.Empty(HistoryRules.FindBreaches(History(), ended: true));

    [Theory]
    [InlineData(1, "EventId", "3")]            // A gap.
    [InlineData(1, "EventTimestamp", "0.5")]   // Before the first.
    [InlineData(1, "StepStartedDetails", "null")]
    [InlineData(0, "EventType", "\"ExecutionBegun\"")]
    [InlineData(2, "EventType", "\"ExecutionFailed\"")]    // Two ends.
    [InlineData(3, "EventType", "\"InvocationCompleted\"")] // None.
    public void FindBreaches_AnEventIsWrong_IsTold(int index, string member, string value)
    {
        var history = History();
        history[index] = Changed(history[index], member, value);

        Assert.NotEmpty(HistoryRules.FindBreaches(history, ended: true));
    }

    [Fact]
    public void FindBreaches_EndBeforeItsInvocation_IsTold()
    {
        var history = new JsonArray(
            Event(1, "ExecutionStarted"), Event(2, "ExecutionSucceeded"), Event(3, "InvocationCompleted"));

        Assert.NotEmpty(HistoryRules.FindBreaches(history, ended: true));
    }

    [Theory]
    [InlineData("""{"match":{"hook":"start"},"count":1}""", 0)]
    [InlineData("""{"match":{"hook":"start"},"count":2}""", 1)]
    [InlineData("""{"match":{"hook":"start"}}""", 0)]
    [InlineData("""{"match":{"hook":"never"}}""", 1)]
    [InlineData("""{"match":{"hook":"never"},"count":0}""", 0)]
    [InlineData("""{"match":{"hook":"end"},"count":0}""", 1)]
    [InlineData("""{"match":{"hook":"end"},"min_count":3}""", 1)]
    [InlineData("""{"match":{"hook":"end"},"max_count":1}""", 1)]
    [InlineData("""{"match":{"hook":"/^en/"},"count":2}""", 0)]
    [InlineData("""{"match":{"n":"/^[1-9]$/"},"count":1}""", 0)]
    [InlineData("""{"match":{"n":1.0},"count":1}""", 0)]
    [InlineData("""{"match":{"first":true},"count":1}""", 0)]
    [InlineData("""{"match":{"first":1},"count":0}""", 0)]
    [InlineData("""{"match":{"missing":"/.*/"},"count":0}""", 0)]
    [InlineData("""{"match":{"hook":"end"},"count":2,"after":[{"hook":"start"}]}""", 0)]
    [InlineData("""{"match":{"hook":"end"},"count":2,"before":{"hook":"start"}}""", 1)]
    [InlineData("""{"match":{"hook":"start"},"count":1,"after":[{"hook":"end"}]}""", 1)]
    [InlineData("""{"match":{"hook":"start"},"count":1,"after":[{"hook":"nowhere"}]}""", 1)]
    [InlineData("""{"match":{"hook":"of ${NAME}"},"count":1}""", 0)]
    public void Compare_Log_CountsAndOrders(string expectation, int differences)
    {
        string[] lines =
        [
            "START RequestId: 1",
            """{"hook":"start","first":true,"n":1,"executionArn":"arn"}""",
            """{"hook":"end","durableExecutionArn":"arn"}""",
            """{"hook":"end","executionArn":"arn"}""",
            """{"hook":"start","executionArn":"another"}""",
            """{"hook":"of Lungfish","executionArn":"arn"}""",
            """{"hook":"start", no JSON""",
        ];

        var found = LogMatcher.Compare(
            [LogExpectation.Of(Parse(expectation))], LogMatcher.RecordsOf("arn", lines), Named());

        Assert.Equal(differences, found.Count);
    }

    [Fact]
    public void Draw_Variables_AreRandomTextsOrLiteral()
    {
        var drawn = Placeholders.Draw(Parse("""{"A":"${GEN_STR:8}","B":"as it is"}"""));

        Assert.Matches("^[a-z0-9]{8} as it is [$]{C}$", drawn.Fill("${A} ${B} ${C}"));
    }

    [Fact]
    public void Read_ScalarsOfYaml_HaveTheirTypes()
    {
        using var yaml = new StringReader("""
            description: a # comment
            Input: {text: '42', number: 42, flag: true, nothing: , list: [~, x]}
            ExpectedResult:
              ExecutionStatus: SUCCEEDED
            """);

        var requirement = Requirement.Read("1-1", "step", yaml);

        Assert.Equal(
            """{"text":"42","number":42,"flag":true,"nothing":null,"list":[null,"x"]}""",
            requirement.Input?.ToJsonString());
        Assert.False(requirement.IsAsync);
    }

    [Fact]
    public void Read_MemberThatIsNotKnown_IsRefused()
    {
        using var yaml = new StringReader("ExpectedMiracles: 1");

        Assert.Throws<InvalidDataException>(() => Requirement.Read("1-1", "step", yaml));
    }

    [Fact]
    public void Write_AsPythonDoes_SpacesAfterColonsAndCommas() => Assert.Equal(
        """{"a": [1, null, "b"], "c": {}}""", PythonJson.Write(Parse("""{"a":[1,null,"b"],"c":{}}""")));

    private static IReadOnlyList<string> CompareMember(string expected, string actual) => Compare(
        ["""{"EventType":"StepStarted","EventId":2,"Member":""" + expected + "}"],
        """[{"EventType":"StepStarted","EventId":2,"Member":""" + actual + "}]");

    private static IReadOnlyList<string> Compare(string[] expected, string actual) => EventMatcher.Compare(
        [.. expected.Select(Parse)], JsonNode.Parse(actual)?.AsArray() ?? [], Named());

    private static Placeholders Named() => Placeholders.Draw(Parse("""{"NAME":"Lungfish"}"""));

    private static JsonObject Parse(string json) => JsonNode.Parse(json)?.AsObject() ?? [];

    private static JsonArray History() => new(
        Event(1, "ExecutionStarted"),
        Event(2, "StepStarted"),
        Event(3, "InvocationCompleted"),
        Event(4, "ExecutionSucceeded"));

    private static JsonObject Changed(JsonNode? item, string member, string value)
    {
        var changed = Parse(item?.ToJsonString() ?? "{}");
        changed[member] = JsonNode.Parse(value);
        return changed;
    }

    private static JsonObject Event(int id, string type) => new()
    {
        ["EventId"] = id,
        ["EventType"] = type,
        ["EventTimestamp"] = (double)id,
        [$"{type}Details"] = new JsonObject(),
    };
}
