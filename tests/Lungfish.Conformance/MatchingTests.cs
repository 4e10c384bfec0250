using System.Text.Json.Nodes;
using Lungfish.Conformance.Cases;
using Lungfish.Conformance.Matching;

namespace Lungfish.Conformance;

/// <summary>The matching rules themselves: a matcher that accepts too much would hide every fault.</summary>
public sealed class MatchingTests
{
    [Theory]
    [InlineData("\"<any:x>\"", "null")]
    [InlineData("\"<any:x>\"", "{\"a\":1}")]
    [InlineData("\"at <any:date>.\"", "\"at 2026-01-01T00:00:00Z.\"")]
    [InlineData("\"<account>\"", "\"000000000000\"")]
    [InlineData("\"arn:<partition>:x\"", "\"arn:aws-cn:x\"")]
    [InlineData("{\"a\":\"<uuid:1>\",\"b\":\"<uuid:1>\"}", "{\"a\":\"u\",\"b\":\"u\"}")]
    [InlineData("{\"a\":\"<uuid:1>\",\"b\":\"<uuid:2>\"}", "{\"a\":\"u\",\"b\":\"v\"}")]
    [InlineData("1", "1.0")]
    [InlineData("\"{\\\"a\\\": 1}\"", "\"{\\\"a\\\":1}\"")]
    [InlineData("\"until date\"", "\"until 2026-01-01T00:00:00.000Z\"")]
    [InlineData("{\"a\":1}", "{\"a\":1,\"SdkHttpMetadata\":{}}")]
    [InlineData("{\"a\":1,\"SdkResponseMetadata\":{}}", "{\"a\":1}")]
    public void Compare_ValueThatTheRulesAllow_FindsNoDifference(string expected, string actual) =>
        Assert.Empty(Compare(expected, actual));

    [Theory]
    [InlineData("\"<uuid:1>\"", "1")]
    [InlineData("\"<uuid:1>\"", "\"\"")]
    [InlineData("\"<account>\"", "\"00000000000\"")]
    [InlineData("\"arn:<partition>:x\"", "\"arn:AWS:x\"")]
    [InlineData("{\"a\":\"<uuid:1>\",\"b\":\"<uuid:1>\"}", "{\"a\":\"u\",\"b\":\"v\"}")]
    [InlineData("\"<uuid:1>/<uuid:1>\"", "\"u/v\"")]
    [InlineData("\"a.c\"", "\"abc\"")]
    [InlineData("1", "true")]
    [InlineData("1", "\"1\"")]
    [InlineData("null", "{}")]
    [InlineData("{\"a\":null}", "{}")]
    [InlineData("{}", "{\"a\":null}")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[1]", "[1,1]")]
    [InlineData("\"{\\\"a\\\": 1}\"", "\"{\\\"a\\\":2}\"")]
    [InlineData("\"told: <name>\"", "\"told: someone else\"")]
    public void Compare_ValueThatTheRulesForbid_FindsADifference(string expected, string actual) =>
        Assert.NotEmpty(Compare(expected, actual));

    [Fact]
    public void MatchInAnyOrder_SameItemsShuffled_Matches()
    {
        ValueMatcher.MatchInAnyOrder(
            Parse("[1,\"<x>\",3]").AsArray(), Parse("[3,1,\"v\"]").AsArray(), NoBindings(), out var matched);

        Assert.True(matched);
    }

    [Fact]
    public void MatchInAnyOrder_AnItemTooMany_DoesNotMatch()
    {
        ValueMatcher.MatchInAnyOrder(
            Parse("[1,2]").AsArray(), Parse("[2,1,1]").AsArray(), NoBindings(), out var matched);

        Assert.False(matched);
    }

    [Fact]
    public void AsRecorded_JsonTextsOfMembers_AreParsedOnce()
    {
        var actual = Parse("""{"a":"{\"b\":\"{}\"}","c":["{}"],"d":[{"e":"{}"}],"f":"[1]"}""");

        var expected = Parse("""{"a":{"b":"{}"},"c":["{}"],"d":[{"e":{}}],"f":"[1]"}""");
        Assert.True(JsonNode.DeepEquals(expected, JsonText.AsRecorded(actual)));
    }

    [Fact]
    public void Compare_ConcurrentHistoryInAnotherOrder_IsAccepted()
    {
        var expected = Parse("""
            [{"id":1,"previousEventId":0,"type":"A"},{"id":2,"previousEventId":1,"type":"B"},
             {"id":3,"previousEventId":1,"type":"C"}]
            """).AsArray();
        var actual = Parse("""
            [{"id":1,"previousEventId":0,"type":"A"},{"id":2,"previousEventId":1,"type":"C"},
             {"id":3,"previousEventId":1,"type":"B"}]
            """).AsArray();

        Assert.Empty(HistoryMatcher.Compare(expected, actual, NoBindings, "concurrent"));
        Assert.NotEmpty(HistoryMatcher.Compare(expected, actual, NoBindings, null));
    }

    [Fact]
    public void Compare_ConcurrentHistoryWithAnotherPredecessor_IsRefused()
    {
        var expected =
            Parse("""[{"id":1,"previousEventId":0,"type":"A"},{"id":2,"previousEventId":1,"type":"B"}]""").AsArray();
        var actual =
            Parse("""[{"id":1,"previousEventId":0,"type":"A"},{"id":2,"previousEventId":0,"type":"B"}]""").AsArray();

        Assert.NotEmpty(HistoryMatcher.Compare(expected, actual, NoBindings, "concurrent"));
    }

    [Fact]
    public void Compare_EveryRecordedHistory_MatchesItselfAndNothingShorter()
    {
        Assert.SkipWhen(RecordedCases.All.Count == 0, "No recordings beside this clone.");
        foreach (var recorded in RecordedCases.All.Values)
        {
            // The recorder's own flattening cannot be done twice.
            if (recorded.Expected["history"] is not JsonArray history || recorded.HistoryMatch is "parallel-normalized")
            {
                continue;
            }

            Assert.Empty(HistoryMatcher.Compare(history, history, NoBindings, recorded.HistoryMatch));
            var shorter = history.DeepClone().AsArray();
            shorter.RemoveAt(shorter.Count / 2);
            Assert.NotEmpty(HistoryMatcher.Compare(history, shorter, NoBindings, recorded.HistoryMatch));
        }
    }

    private static IReadOnlyList<string> Compare(string expected, string actual) => ValueMatcher.Compare(
        ParseOrNull(expected), ParseOrNull(actual), new Bindings(name => name is "name" ? "someone" : null), "$");

    private static Bindings NoBindings() => new(_ => null);

    private static JsonNode? ParseOrNull(string json) => JsonNode.Parse(json);

    private static JsonNode Parse(string json) => ParseOrNull(json) ?? JsonValue.Create("null");
}
