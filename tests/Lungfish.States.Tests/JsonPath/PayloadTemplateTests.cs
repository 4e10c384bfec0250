using Lungfish.Json;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Tests.JsonPath;

public sealed class PayloadTemplateTests
{
    private static readonly JsonValue Input = JsonValue.Parse("""{"a":1,"list":[1,2],"o":{"x":null}}""");
    private static readonly JsonValue Context = JsonValue.Parse("""{"Task":{"Token":"t"},"State":{"Name":"s"}}""");

    [Theory]
    [InlineData("""{}""", "{}")]
    [InlineData("""{"k":"$.a"}""", """{"k":"$.a"}""")] // Recorded: a literal, whatever it looks like.
    [InlineData("""{"k.$":"$.a"}""", """{"k":1}""")]
    [InlineData("""{"k.$":"$"}""", """{"k":{"a":1,"list":[1,2],"o":{"x":null}}}""")]
    [InlineData("""{"k.$":"$$.State.Name","z":1}""", """{"k":"s","z":1}""")]
    [InlineData("""{"d":{"e":{"f.$":"$.list"}}}""", """{"d":{"e":{"f":[1,2]}}}""")]
    [InlineData("""{"d":[1,{"f.$":"$.a"},["$.a"]]}""", """{"d":[1,{"f":1},["$.a"]]}""")]
    [InlineData("""{"k.$":"$.list[*]"}""", """{"k":[1,2]}""")]
    [InlineData("""{"k.$":"$.o.x"}""", """{"k":null}""")]
    [InlineData("""{".$":"$.a"}""", """{"":1}""")]
    [InlineData("""{"k.$":"$.list[5]"}""", """{"k":null}""")] // Measured: an index past the end is null here.
    public void Evaluate_Template_FillsInItsPaths(string template, string expected) =>
        Assert.Equal(expected, Parse(template).Evaluate(new PathRoots(Input, Context)).Value?.ToText());

    [Theory]
    [InlineData("""{"x":1,"k.$":"$.none"}""", "k.$", "$.none")]
    [InlineData("""{"d":[{"k.$":"$.o.none"}]}""", "k.$", "$.o.none")]
    [InlineData("""{"k.$":"$$.None"}""", "k.$", "$$.None")]
    [InlineData("""{"k.$":"$.list[5].x"}""", "k.$", "$.list[5].x")]
    [InlineData("""{"k.$":"$.list[-1].x"}""", "k.$", "$.list[-1].x")] // Reported.
    public void Evaluate_MissingPath_NamesFieldAndPath(string template, string field, string path) =>
        Assert.Equal(
            new ValueFailure(
                $"The JSONPath '{path}' specified for the field '{field}' could not be found in the input " +
                    $"'{Input.ToText()}'",
                IsIntrinsicFailure: false),
            Parse(template).Evaluate(new PathRoots(Input, Context)).Failure);

    [Fact]
    public void Evaluate_PathThatDoesNotFit_SaysWhy() => Assert.Equal(
        new ValueFailure(
            "Invalid path '$.a[0]' : Filter: [0] can only be applied to arrays. Current context is: 1",
            IsIntrinsicFailure: false),
        Parse("""{"k.$":"$.a[0]"}""").Evaluate(new PathRoots(Input, Context)).Failure);

    [Fact]
    public void Evaluate_PartWithoutPath_IsSharedNotCopied()
    {
        var template = (JsonObject)JsonValue.Parse("""{"k.$":"$.a","literal":{"deep":[1,2,3]}}""");
        var value = (JsonObject?)PayloadTemplate.Parse(template).Evaluate(new PathRoots(Input, Context)).Value;

        Assert.Same(template["literal"], value?["literal"]);
    }

    [Theory]
    [InlineData("""{"k.$":"x"}""", "", "k.$")]
    [InlineData("""{"k.$":1}""", "", "k.$")]
    [InlineData("""{"k.$":"$["}""", "", "k.$")]
    [InlineData("""{"d":{"e":[0,{"k.$":"x"}]}}""", "/d/e[1]", "k.$")]
    public void Parse_NoPath_ThrowsAwsTextAndPlace(string template, string location, string field)
    {
        var e = Assert.Throws<PayloadTemplateException>(() => Parse(template));

        Assert.Equal(
            $"The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call",
            e.Message);
        Assert.Equal((location, field), (e.Location, e.Field));
    }

    [Theory]
    [InlineData("""{"k":1,"k.$":"$.a"}""")]
    [InlineData("""{"k.$":"$.a","k":1}""")]
    public void Parse_FieldWithAndWithoutPath_Throws(string template) =>
        Assert.Throws<PayloadTemplateException>(() => Parse(template));

    [Theory]
    [InlineData("""{"t.$":"$$.Task.Token"}""", true)]
    [InlineData("""{"d":[{"t.$":"$$.Task"}]}""", true)]
    [InlineData("""{"t.$":"$$['Task']['Token']"}""", true)]
    [InlineData("""{"t.$":"$$"}""", true)]
    [InlineData("""{"t.$":"$$..Token"}""", true)]
    [InlineData("""{"t.$":"$$.State.Name"}""", false)]
    [InlineData("""{"t.$":"$.Task.Token"}""", false)]
    [InlineData("""{"t":"$$.Task.Token"}""", false)]
    public void ReadsTaskToken_Template_TellsWhetherATokenIsNeeded(string template, bool expected) =>
        Assert.Equal(expected, Parse(template).ReadsTaskToken);

    private static PayloadTemplate Parse(string text) => PayloadTemplate.Parse((JsonObject)JsonValue.Parse(text));
}
