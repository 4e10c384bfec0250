using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.States.Tests.Deciding;

/// <summary>The table of operators in the language's specification, each with its twin over a path, a variable and
/// the context object.</summary>
public sealed class ChoiceOperatorTests
{
    [Theory]
    [InlineData("StringEquals", "\"a\"", "\"a\"", true)]
    [InlineData("StringEquals", "\"a\"", "\"A\"", false)]
    [InlineData("StringEquals", "\"a\"", "\"a \"", false)]
    [InlineData("StringEquals", "\"1\"", "1", false)]
    [InlineData("StringLessThan", "\"A \"", "\"A\"", true)]
    [InlineData("StringLessThan", "\"AB\"", "\"A \"", true)]
    [InlineData("StringLessThan", "\"a\"", "\"B\"", true)]
    [InlineData("StringGreaterThan", "\"\"", "\"a\"", true)]
    [InlineData("StringGreaterThan", "\"a\"", "null", false)]
    [InlineData("StringLessThanEquals", "\"a\"", "\"a\"", true)]
    [InlineData("StringLessThanEquals", "\"a\"", "\"b\"", false)]
    [InlineData("StringGreaterThanEquals", "\"a\"", "\"a\"", true)]
    [InlineData("StringGreaterThanEquals", "\"b\"", "\"a\"", false)]
    [InlineData("NumericEquals", "0", "0.0", true)]
    [InlineData("NumericEquals", "1", "true", false)]
    [InlineData("NumericEquals", "1", "\"1\"", false)]
    [InlineData("NumericLessThan", "1", "0.5", true)]
    [InlineData("NumericLessThan", "-1", "-1", false)]
    [InlineData("NumericGreaterThan", "1", "1e2", true)]
    [InlineData("NumericLessThanEquals", "1", "1.0", true)]
    [InlineData("NumericGreaterThanEquals", "2", "1", false)]
    [InlineData("BooleanEquals", "true", "true", true)]
    [InlineData("BooleanEquals", "false", "false", true)]
    [InlineData("BooleanEquals", "false", "0", false)]
    [InlineData("BooleanEquals", "false", "null", false)]
    [InlineData("BooleanEquals", "true", "\"true\"", false)]
    [InlineData("TimestampEquals", "\"2016-03-14T01:59:00Z\"", "\"2016-03-14T02:59:00+01:00\"", true)]
    [InlineData("TimestampEquals", "\"2016-03-14T01:59:00Z\"", "\"2016-03-14T01:59:00.000Z\"", true)]
    [InlineData("TimestampEquals", "\"2016-03-14T01:59:00Z\"", "\"2016-03-14t01:59:00z\"", false)]
    [InlineData("TimestampLessThan", "\"2016-03-14T01:59:00Z\"", "\"2016-03-14T01:58:59.999Z\"", true)]
    [InlineData("TimestampGreaterThan", "\"2016-03-14T01:59:00Z\"", "\"2016-03-14T01:59:01-01:00\"", true)]
    [InlineData("TimestampLessThanEquals", "\"2016-03-14T01:59:00Z\"", "\"2016-03-14T01:59:00Z\"", true)]
    [InlineData("TimestampGreaterThanEquals", "\"2016-03-14T01:59:00Z\"", "\"tomorrow\"", false)]
    public void Choice_Comparison_HoldsForLiteralAndPath(string name, string operand, string value, bool holds)
    {
        Assert.Equal(holds, Matches("$.v", name, operand, value));
        Assert.Equal(holds, Matches("$.v", name + "Path", "\"$.o\"", value, operand));
        Assert.Equal(holds, Matches("$.v", name + "Path", "\"$o\"", value, operand));
        Assert.Equal(holds, Matches("$v", name + "Path", "\"$$.Execution.Input.o\"", value, operand));
    }

    [Theory]
    [InlineData("\"foo*.log\"", "\"foo23.log\"", true)]
    [InlineData("\"*.log\"", "\"zebra.log\"", true)]
    [InlineData("\"foo*.*\"", "\"foobar.zebra\"", true)]
    [InlineData("\"a*b*c\"", "\"a1b2c3\"", false)]
    [InlineData("\"*\"", "\"\"", true)]
    [InlineData("\"a?\"", "\"ab\"", false)]
    [InlineData("\"a\\\\*\"", "\"a*\"", true)]
    [InlineData("\"a\\\\*\"", "\"ab\"", false)]
    [InlineData("\"a\\\\\\\\*\"", "\"a\\\\b\"", true)]
    [InlineData("\"*\"", "1", false)]
    public void Choice_StringMatches_KnowsTheStarAndItsEscape(string pattern, string value, bool holds) =>
        Assert.Equal(holds, Matches("$.v", "StringMatches", pattern, value));

    [Theory]
    [InlineData("IsNull", "null", "0")]
    [InlineData("IsNumeric", "1.5", "\"1\"")]
    [InlineData("IsString", "\"\"", "null")]
    [InlineData("IsBoolean", "false", "0")]
    [InlineData("IsTimestamp", "\"2016-03-14T01:59:00Z\"", "\"2016-03-14\"")]
    public void Choice_TypeTest_FalseInverts(string name, string member, string other)
    {
        Assert.True(Matches("$.v", name, "true", member));
        Assert.False(Matches("$.v", name, "true", other));
        Assert.False(Matches("$.v", name, "false", member));
        Assert.True(Matches("$v", name, "false", other));
    }

    [Theory]
    [InlineData("$.v", true)]
    [InlineData("$.w", false)]
    [InlineData("$v", true)]
    [InlineData("$w", false)]
    [InlineData("$v.w", false)]
    [InlineData("$$.Execution.Id", true)]
    [InlineData("$$.Task.Token", false)]
    public void Choice_IsPresent_ToleratesAMissingPath(string variable, bool isPresent)
    {
        Assert.Equal(isPresent, Matches(variable, "IsPresent", "true", "1"));
        Assert.Equal(!isPresent, Matches(variable, "IsPresent", "false", "1"));
    }

    [Theory]
    [InlineData("$.w", "StringEquals", "\"a\"", "$.w")]
    [InlineData("$w", "IsNull", "true", "$w")]
    [InlineData("$.v", "StringEqualsPath", "\"$.w\"", "$.w")]
    [InlineData("$.v", "StringEqualsPath", "\"$w\"", "$w")]
    public void Choice_MissingPathElsewhere_IsARuntimeError(string variable, string name, string operand, string path)
    {
        var execution = Decide(variable, name, operand, "\"a\"", "1");

        Assert.Equal("States.Runtime", execution.Error);
        Assert.EndsWith(
            $"Invalid path '{path}': The choice state's condition path references an invalid value.", execution.Cause,
            StringComparison.Ordinal);
    }

    private static bool Matches(string variable, string name, string operand, string value, string other = "1")
    {
        var execution = Decide(variable, name, operand, value, other);
        Assert.Null(execution.Cause);
        return Assert.IsType<JsonBoolean>(execution.Output).Value;
    }

    /// <summary>Input and variables hold the value as <c>v</c> and the other as <c>o</c>.</summary>
    private static Execution Decide(string variable, string name, string operand, string value, string other) =>
        new World($$"""
            { "StartAt": "A", "States": {
                "A": { "Type": "Pass", "Assign": { "v.$": "$.v", "o.$": "$.o" }, "Next": "C" },
                "C": { "Type": "Choice", "Default": "No", "Choices": [
                    { "Variable": "{{variable}}", "{{name}}": {{operand}}, "Next": "Yes" }] },
                "Yes": { "Type": "Pass", "Result": true, "End": true },
                "No": { "Type": "Pass", "Result": false, "End": true } } }
            """).Start($$"""{"v":{{value}},"o":{{other}}}""").Run().Execution;
}
