using Lungfish.States.Parsing;
using Lungfish.States.Validation;

namespace Lungfish.States.Tests.Validation;

public sealed class MachineDiagnosticTests
{
    private const string Schema = "SCHEMA_VALIDATION_FAILED: ";
    private const string Missing = "MISSING_TRANSITION_TARGET: ";
    private const string NoEnd = "MISSING_END_STATE: Workflow has no terminal state at null";

    private static readonly DefinitionOptions Options = new() { CanRun = _ => true };

    [Theory]
    [InlineData("", Schema + "Definition must be a valid JSON object at null")] // Recorded.
    [InlineData(" \n", Schema + "Definition must be a valid JSON object at null")]
    [InlineData("[]", Schema + "Definition must be a valid JSON object at null")]
    [InlineData("{}", Schema + "These fields are required: [States, StartAt] at /")] // Recorded.
    [InlineData("""{"StartAt":"A"}""", Schema + "These fields are required: [States] at /")] // Recorded.
    [InlineData("""{"StartAt":"A","States":{}}""", Schema + "Value cannot be empty at /States")]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"X":1}""",
        Schema + "Field 'X' is not supported at /")]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"TimeoutSeconds":100000000}""",
        Schema + "Maximum value is 99999999 at /TimeoutSeconds")]
    [InlineData(
        """{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"Version":"2.0"}""",
        Schema + "Value should be one of the following: [1.0] at /Version")]
    [InlineData( // Recorded: sfn_api_validation, INVALID_DOWNGRADE_QUERY_LANGUAGE.
        """{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Succeed","QueryLanguage":"JSONPath"}}}""",
        Schema + "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A")]
    public void Parse_BadMachine_SaysWhatAndWhere(string definition, string expected) =>
        Assert.Equal(expected, DefinitionParser.Parse(definition, Options).ErrorText);

    [Theory] // Measured on AWS, all but the last.
    [InlineData( // The example of asl.md, section 13.
        """{"pass1":{"Type":"Pass","Next":"pass3"},"pass2":{"Type":"Pass","End":true}}""",
        Missing + "Missing 'Next' target: pass3 at /States/pass1/Next, " +
            Missing + "State \"pass2\" is not reachable. at /States/pass2")]
    [InlineData(
        """{"pass1":{"Type":"Pass","Next":"b"},"b":{"Type":"Pass","Next":"pass1"}}""",
        NoEnd)]
    [InlineData(
        """{"pass1":{"Type":"Pass","Next":"pass1"},"b":{"Type":"Pass","Next":"pass1"}}""",
        NoEnd)]
    [InlineData(
        """{"pass1":{"Type":"Pass","Next":"pass1"},"c":{"Type":"Succeed"}}""",
        Missing + "State \"c\" is not reachable. at /States/c")]
    [InlineData(
        """{"pass1":{"Type":"Pass","Next":"NOPE"}}""",
        Missing + "Missing 'Next' target: NOPE at /States/pass1/Next, " + NoEnd)]
    [InlineData(
        """
        {"pass1":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"x"}],"Default":"y"},
         "z":{"Type":"Succeed"}}
        """,
        Missing + "Missing 'Next' target: x at /States/pass1/Choices[0]/Next, " +
            Missing + "Missing 'Next' target: y at /States/pass1/Default, " +
            Missing + "State \"z\" is not reachable. at /States/z")]
    [InlineData(
        """
        {"pass1":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"a","States":{"a":{"Type":"Pass","Next":"pass1"},
         "b":{"Type":"Succeed"}}}],"Catch":[{"ErrorEquals":["x"],"Next":"c"}]}}
        """,
        Missing + "Missing 'Next' target: c at /States/pass1/Catch[0]/Next, " +
            Missing + "Missing 'Next' target: pass1 at /States/pass1/Branches[0]/States/a/Next, " +
            Missing + "State \"b\" is not reachable. at /States/pass1/Branches[0]/States/b")]
    public void Parse_BadGraph_SaysWhatAndWhere(string states, string expected)
    {
        var parse = DefinitionParser.Parse("{\"StartAt\":\"pass1\",\"States\":" + states + "}", Options);

        Assert.Equal(expected, parse.ErrorText);
    }

    [Fact]
    public void Parse_StartAtNowhere_NamesIt() => Assert.Equal(
        Missing + "Missing 'Next' target: a at /StartAt, " + Missing + "State \"A\" is not reachable. at /States/A",
        DefinitionParser.Parse("""{"StartAt":"a","States":{"A":{"Type":"Succeed"}}}""", Options).ErrorText);

    [Fact]
    public void Parse_TargetInAnotherCase_HintsAtTheRightOne() => Assert.Contains(
        "'A'",
        DefinitionParser.Parse("""{"StartAt":"a","States":{"A":{"Type":"Succeed"}}}""", Options).Diagnostics[0].Hint,
        StringComparison.Ordinal);

    [Fact]
    public void Parse_NameUsedInABranchToo_IsADuplicate()
    {
        var parse = DefinitionParser.Parse(
            """
            {"StartAt":"A","States":{"A":{"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"A","States":{"A":{"Type":"Succeed"}}}]}}}
            """,
            Options);

        Assert.Equal(
            "DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/Branches[0]/States/A", parse.ErrorText);
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(81, false)]
    public void Parse_NameAtTheLimit_CountsCharacters(int length, bool isValid)
    {
        var name = string.Concat(Enumerable.Repeat("😀", length));
        var parse = DefinitionParser.Parse(
            "{\"StartAt\":\"" + name + "\",\"States\":{\"" + name + "\":{\"Type\":\"Succeed\"}}}", Options);

        Assert.Equal(isValid, parse.Definition is not null);
    }

    [Fact]
    public void Parse_NoJson_SaysWhatJacksonSays() // Recorded: sfn_api_validation, NOT_A_DEF.
    {
        const string source = "[Source: (String)\"not a definition\"; line: 1, column: 4]";
        var diagnostic = Assert.Single(DefinitionParser.Parse("not a definition", Options).Diagnostics);

        Assert.Equal("INVALID_JSON_DESCRIPTION", diagnostic.Code);
        Assert.Equal(
            "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' " +
                $"or 'false')\n at {source}",
            diagnostic.Message);
        Assert.Equal((source, 1, 4), (diagnostic.Location, diagnostic.Line, diagnostic.Column));
    }

    [Fact]
    public void Parse_Mistake_TellsLineAndColumnInCharacters()
    {
        var parse = DefinitionParser.Parse(
            "{\n  \"StartAt\": \"é\",\n  \"States\": {\n    \"é\": {\"Comment\": \"日本\", \"Type\": \"Nap\"}\n  }\n}",
            Options);

        var diagnostic = Assert.Single(parse.Diagnostics);
        Assert.Equal((4, 28), (diagnostic.Line, diagnostic.Column));
    }

    [Fact]
    public void Parse_DeepText_IsRefusedCleanly()
    {
        var parse = DefinitionParser.Parse(string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), Options);

        Assert.Equal("TOO_DEEPLY_NESTED", Assert.Single(parse.Diagnostics).Code);
    }

    [Fact]
    public void Parse_TextOverTheLimit_IsRefused()
    {
        const string start = "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\",\"Comment\":\"";
        var text = start + new string('x', 1_048_576) + "\"}}}";

        Assert.Null(DefinitionParser.Parse(text, Options).Definition);
    }

    [Fact]
    public void Parse_LoneSurrogate_IsKept()
    {
        var parse = DefinitionParser.Parse(
            """{"StartAt":"\ud800","States":{"\ud800":{"Type":"Fail","Cause":"\udc00"}}}""", Options);

        Assert.Equal("\ud800", parse.Definition?.Flow.States.Single().Key);
    }

    [Fact]
    public void Parse_ManyMistakesInALongText_TakesNoSquareTime()
    {
        // 10,000 mistakes with places in a long text: each place is found by search, not by counting from the start.
        var states = string.Join(
            ",\n", Enumerable.Range(0, 10_000).Select(i => $"\"S{i}\":{{\"Type\":\"Pass\",\"Next\":\"T{i}\"}}"));
        var parse = DefinitionParser.Parse("{\"StartAt\":\"S0\",\"States\":{" + states + "}}", Options);

        Assert.Equal(10_001, parse.Diagnostics.Length);
        Assert.Equal(10_000, parse.Diagnostics[^2].Line);
        Assert.Equal(DiagnosticCodes.MissingEndState, parse.Diagnostics[^1].Code);
    }

    [Fact]
    public void Parse_RandomlyChangedDefinition_ThrowsNothing()
    {
        var random = new Random(20260103);
        const string definition =
            """
            {"StartAt":"A","TimeoutSeconds":5,"States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
            "Parameters":{"a.$":"$.x[?(@.y == 1)]"},
            "Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],"Next":"B"},
            "B":{"Type":"Choice","Choices":[{"Not":{"Variable":"$.a","StringEquals":"b"},"Next":"C"}],"Default":"C"},
            "C":{"Type":"Map","ItemProcessor":{"StartAt":"D","States":{"D":{"Type":"Wait","Seconds":1,"End":true}}},
            "End":true}}}
            """;
        string[] pieces =
            ["null", "1", "\"x\"", "[]", "{}", "\"$.a\"", "\"$\"", "-1", "true", "\"\"", ",", "}", "\"A\""];
        for (var i = 0; i < 4_000; i++)
        {
            var at = random.Next(definition.Length);
            var length = Math.Min(random.Next(12), definition.Length - at);
            var text = string.Concat(
                definition.AsSpan(0, at), pieces[random.Next(pieces.Length)], definition.AsSpan(at + length));

            var parse = DefinitionParser.Parse(text, Options);

            Assert.True(parse.Definition is null == (parse.ErrorText.Length > 0), text);
        }
    }
}
