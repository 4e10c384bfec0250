using Lungfish.Json;
using Lungfish.States.Model;
using Lungfish.States.Parsing;

namespace Lungfish.States.Tests.Parsing;

public sealed class DefinitionParserTests
{
    private const string Function = "arn:aws:lambda:us-east-1:000000000000:function:f";

    [Fact]
    public void Parse_Machine_ReadsItsFields()
    {
        var machine = Parse("""{"Comment":"c","Version":"1.0","TimeoutSeconds":60,"StartAt":"A","States":{%}}""");

        Assert.Equal(("c", TimeSpan.FromMinutes(1), "A"), (machine.Comment, machine.Timeout, machine.Flow.StartAt));
        Assert.Equal("A", Assert.IsType<SucceedState>(machine.Flow.States["A"]).Name);
    }

    [Fact]
    public void Parse_Pass_ReadsResultVerbatimAndDataFlow()
    {
        var state = State<PassState>(
            """
            {"Type":"Pass","Comment":"c","InputPath":null,"Parameters":{"a.$":"$.x"},"Result":{"b.$":"$.y"},
             "ResultPath":"$.r[0]","OutputPath":"$.o","Next":"A"}
            """);

        Assert.Equal("""{"b.$":"$.y"}""", state.Result?.ToText());
        Assert.Equal(("c", "A"), (state.Comment, state.Next));
        var data = Assert.IsType<JsonPathFlow>(state.Data);
        Assert.Null(data.InputPath.Path);
        Assert.Equal(("$.r[0]", "$.o"), (data.ResultPath.Path?.Text, data.OutputPath.Path?.Text));
        Assert.NotNull(data.Parameters);
        Assert.Null(data.ResultSelector);
    }

    [Fact]
    public void Parse_Task_ReadsResourceTimesAndErrorHandling()
    {
        var state = State<TaskState>(
            $$"""
            {"Type":"Task","Resource":"{{Function}}:live","TimeoutSecondsPath":"$.t","HeartbeatSeconds":5,
             "ResultSelector":{},"End":true,
             "Retry":[{"ErrorEquals":["a"]},
                      {"ErrorEquals":["States.ALL"],"IntervalSeconds":2,"MaxAttempts":0,"BackoffRate":1.5,
                       "MaxDelaySeconds":9,"JitterStrategy":"FULL"}],
             "Catch":[{"ErrorEquals":["b"],"Next":"A","ResultPath":null},{"ErrorEquals":["c"],"Next":"A"}]}
            """);

        Assert.Equal(new LambdaFunctionResource(Function + ":live"), state.Resource);
        Assert.Equal("$.t", Assert.IsType<AtPath<long>>(state.Timeout).Path.Text);
        Assert.Equal(new Literal<long>(5), state.Heartbeat);
        Assert.Null(state.Next);
        var (plain, full) = (state.Retry[0], state.Retry[1]);
        Assert.Equal((TimeSpan.FromSeconds(1), 3, 2.0), (plain.Interval, plain.AttemptsMax, plain.BackoffRate));
        Assert.Equal((null, false), (plain.DelayMax, plain.FullJitter));
        Assert.Equal((TimeSpan.FromSeconds(2), 0, 1.5), (full.Interval, full.AttemptsMax, full.BackoffRate));
        Assert.Equal((TimeSpan.FromSeconds(9), true), (full.DelayMax, full.FullJitter));
        Assert.Null(Assert.IsType<JsonPathFlow>(state.Catch[0].Data).ResultPath.Path);
        Assert.True(Assert.IsType<JsonPathFlow>(state.Catch[1].Data).ResultPath.Path?.IsWhole);
    }

    [Fact]
    public void Parse_Choice_ReadsRulesInside()
    {
        var state = State<ChoiceState>(
            """
            {"Type":"Choice","Default":"A","Choices":[
              {"And":[{"Variable":"$.a","IsPresent":true},
                      {"Or":[{"Variable":"$.b","StringEqualsPath":"$$.State.Name"}]}],
               "Next":"A"},
              {"Not":{"Variable":"$.c","NumericLessThan":5},"Next":"A"}]}
            """);

        var and = Assert.IsType<AndCondition>(state.Choices[0].Condition);
        var present = Assert.IsType<Comparison>(and.Conditions[0]);
        Assert.Equal(("$.a", "IsPresent"), (present.Variable.Text, present.Operator));
        Assert.Equal(JsonValue.True, present.Operand);
        var equals = Assert.IsType<Comparison>(Assert.IsType<OrCondition>(and.Conditions[1]).Conditions[0]);
        Assert.Equal(("StringEquals", "$$.State.Name"), (equals.Operator, equals.OperandPath?.Text));
        Assert.Null(equals.Operand);
        Assert.IsType<Comparison>(Assert.IsType<NotCondition>(state.Choices[1].Condition).Inner);
        Assert.Equal("A", state.Default);
    }

    [Fact]
    public void Parse_Map_ReadsItemProcessorAndItemSelector()
    {
        var state = State<MapState>(
            """
            {"Type":"Map","ItemsPath":"$.list","ItemSelector":{"v.$":"$$.Map.Item.Value"},"MaxConcurrency":2,"End":true,
             "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}}
            """);

        Assert.Equal("I", state.ItemProcessor.StartAt);
        Assert.Equal("$.list", Assert.IsType<ItemsAtPath>(state.Items).Path.Text);
        Assert.Equal(new Literal<long>(2), state.MaxConcurrency);
        Assert.IsType<PayloadField>(state.ItemSelector);
        Assert.IsType<PassState>(state.ItemProcessor.States["I"]);
    }

    [Theory]
    [InlineData("2026-01-31T10:00:00Z", "2026-01-31T10:00:00.0000000+00:00")]
    [InlineData("2026-01-31T10:00:00.5-05:30", "2026-01-31T10:00:00.5000000-05:30")]
    [InlineData("2026-01-31T10:00:00.123456789Z", "2026-01-31T10:00:00.1234567+00:00")]
    [InlineData("2024-02-29T23:59:59+14:00", "2024-02-29T23:59:59.0000000+14:00")]
    public void Rfc3339_Time_IsRead(string text, string expected)
    {
        Assert.True(Rfc3339.TryParse(text, out var time));
        Assert.Equal(expected, time.ToString("O"));
    }

    [Theory] // Recorded refusals: no T, no Z, and what is no date or time.
    [InlineData("2026-01-31 10:00:00Z")]
    [InlineData("2026-01-31t10:00:00Z")]
    [InlineData("2026-01-31T10:00:00z")]
    [InlineData("2026-01-31T10:00:00")]
    [InlineData("2026-01-31T10:00Z")]
    [InlineData("2026-01-31T10:00:00.Z")]
    [InlineData("2026-01-31T10:00:00.1234567890Z")]
    [InlineData("2026-02-30T10:00:00Z")]
    [InlineData("2026-01-31T25:00:00Z")]
    [InlineData("2026-01-31T10:00:00+0100")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("")]
    public void Rfc3339_Other_IsRefused(string text) => Assert.False(Rfc3339.TryParse(text, out _));

    [Theory]
    [InlineData("arn:aws:states:::lambda:invoke", "lambda", "invoke", IntegrationPattern.RequestResponse)]
    [InlineData(
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "sqs", "sendMessage", IntegrationPattern.WaitForTaskToken)]
    [InlineData("arn:aws:states:::states:startExecution.sync", "states", "startExecution", IntegrationPattern.Sync)]
    [InlineData(
        "arn:aws-cn:states:::states:startExecution.sync:2",
        "states", "startExecution", IntegrationPattern.Sync2)]
    [InlineData(
        "arn:aws:states:::aws-sdk:dynamodb:getItem",
        "aws-sdk:dynamodb", "getItem", IntegrationPattern.RequestResponse)]
    public void ParseResource_Integration_IsTakenApart(
        string arn, string service, string action, IntegrationPattern pattern) =>
        Assert.Equal(new ServiceIntegration(arn, service, action, pattern), Resource(arn));

    [Fact]
    public void ParseResource_Activity_IsOne()
    {
        const string arn = "arn:aws:states:us-east-1:000000000000:activity:a";

        Assert.Equal(new ActivityResource(arn), Resource(arn));
    }

    [Theory]
    [InlineData("")]
    [InlineData("f")]
    [InlineData("arn:aws:lambda:::function:f")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:layer:f")]
    [InlineData("arn:aws:states:us-east-1:000000000000:activity:")]
    [InlineData("arn:aws:states:::lambda")]
    [InlineData("arn:aws:states:::lambda:")]
    [InlineData("arn:aws:states:::.sync")]
    [InlineData("arn:aws:states:::a:b:c")]
    public void ParseResource_Other_IsNone(string arn) => Assert.Null(Resource(arn));

    private static TaskResource? Resource(string arn)
    {
        TaskResource? seen = null;
        var options = new DefinitionOptions { CanRun = resource => (seen = resource) is not null };
        var definition =
            "{\"StartAt\":\"T\",\"States\":{\"T\":{\"Type\":\"Task\",\"End\":true,\"Resource\":\"" + arn + "\"}}}";
        _ = DefinitionParser.Parse(definition, options);
        return seen;
    }

    private static T State<T>(string state)
        where T : State
    {
        var machine = Parse("{\"StartAt\":\"S\",\"States\":{%,\"S\":" + state + ",\"X\":" + Reaches("A", "S") + "}}");
        return Assert.IsType<T>(machine.Flow.States["S"]);
    }

    /// <summary>A state that nothing has to lead to would be refused; this one leads to both.</summary>
    private static string Reaches(string one, string other) =>
        $$"""{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"{{one}}"}],"Default":"{{other}}"}""";

    private static StateMachineDefinition Parse(string definition)
    {
        var text = definition.Replace("%", "\"A\":{\"Type\":\"Succeed\"}", StringComparison.Ordinal);
        if (text.Contains("\"X\"", StringComparison.Ordinal))
        {
            text = text.Replace("\"StartAt\":\"S\"", "\"StartAt\":\"X\"", StringComparison.Ordinal);
        }

        var parse = DefinitionParser.Parse(text, new DefinitionOptions { CanRun = _ => true });
        Assert.Equal("", parse.ErrorText);
        return parse.Definition ?? throw new InvalidOperationException("No error, and no definition.");
    }
}
