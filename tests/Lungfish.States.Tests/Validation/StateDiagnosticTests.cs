using Lungfish.States.Model;
using Lungfish.States.Parsing;
using Lungfish.States.Validation;

namespace Lungfish.States.Tests.Validation;

public sealed class StateDiagnosticTests
{
    private const string Schema = "SCHEMA_VALIDATION_FAILED: ";
    private const string NotYet = "NOT_SUPPORTED_BY_LUNGFISH: ";
    private const string Task = "\"Type\":\"Task\",\"Resource\":\"arn:aws:lambda:us-east-1:000000000000:function:f\"";
    private const string Map = "\"Type\":\"Map\",\"End\":true,\"ItemProcessor\":{" + Inner;
    private const string Inner = "\"StartAt\":\"I\",\"States\":{\"I\":{\"Type\":\"Succeed\"}}}";

    [Theory]
    [InlineData("""{"Type":"Pass","End":true}""")]
    [InlineData("""{"Type":"Pass","End":true,"Result":{"a.$":"$.x"},"Parameters":{"a.$":"$.x"},"ResultPath":null}""")]
    [InlineData("""{"Type":"Pass","End":true,"InputPath":null,"OutputPath":null,"Comment":7}""")]
    [InlineData("""{"Type":"Succeed","InputPath":"$.a","OutputPath":"$$.State.Name"}""")]
    [InlineData("""{"Type":"Fail"}""")]
    [InlineData("""{"Type":"Fail","Error":"E","CausePath":"$.cause"}""")]
    [InlineData("""{"Type":"Wait","Seconds":0,"End":true}""")]
    [InlineData("""{"Type":"Wait","SecondsPath":"$.s","End":true}""")]
    [InlineData("""{"Type":"Wait","Timestamp":"2026-01-31T10:00:00.123456789+01:00","End":true}""")]
    [InlineData("""{"Type":"Wait","TimestampPath":"$$.Execution.StartTime","End":true}""")]
    [InlineData("""{"Type":"Parallel","Branches":[{"Comment":"c",%Inner],"End":true,"Retry":[],"Catch":[]}""")]
    [InlineData("""{"Type":"Map","Iterator":{%Inner,"Parameters":{"v.$":"$$.Map.Item.Value"},"End":true}""")]
    [InlineData("""{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},%Inner,"End":true}""")]
    [InlineData("""{%Map,"ItemsPath":"$$.Execution.Input.list","ItemSelector":{},"MaxConcurrency":0}""")]
    [InlineData("""{%Map,"MaxConcurrencyPath":"$.n"}""")]
    [InlineData("""{%Task,"End":true,"TimeoutSeconds":99999999,"HeartbeatSecondsPath":"$.h"}""")]
    [InlineData("""{%Task,"End":true,"Retry":[{"ErrorEquals":["a","b"]},{"ErrorEquals":["States.ALL"]}]}""")]
    public void Parse_ValidState_HasNoError(string state) => Assert.Equal("", Parse(state).ErrorText);

    [Theory]
    // Recorded or measured on AWS: text and location.
    [InlineData("""{"End":true}""", Schema + "These fields are required: [Type] at /States/S")]
    [InlineData(
        """{"Type":"Pss","End":true}""",
        Schema + "The field 'Type' should have one of these values: " +
            "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/S/Type")]
    [InlineData("""{"Type":"Pass","End":true,"Nxt":1}""", Schema + "Field 'Nxt' is not supported at /States/S")]
    [InlineData("""{"Type":"Pass","End":true,"Retry":[]}""", Schema + "Field 'Retry' is not supported at /States/S")]
    [InlineData(
        """{"Type":"Wait","Seconds":1,"End":true,"Catch":[]}""",
        Schema + "Field 'Catch' is not supported at /States/S")]
    [InlineData(
        """{"Type":"Pass","End":true,"TimeoutSeconds":1}""",
        Schema + "Field 'TimeoutSeconds' is not supported at /States/S")]
    [InlineData(
        """{"Type":"Pass","End":true,"Output":"{% 1 %}"}""",
        Schema + "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' " +
            "QueryLanguage at /States/S")]
    [InlineData(
        """{"Type":"Pass","End":true,"OutputPath":"Test"}""",
        Schema + "Value must be a valid JSONPath. at /States/S/OutputPath")]
    [InlineData(
        """{"Type":"Wait","Timestamp":"2026-01-31t10:00:00Z","End":true}""",
        Schema + "String does not match RFC3339 timestamp at /States/S/Timestamp")]
    [InlineData(
        """{"Type":"Parallel","Branches":[],"End":true}""",
        Schema + "Value cannot be empty at /States/S/Branches")]
    [InlineData(
        """{"Type":"Pass","Parameters":{"a.$":"x"},"End":true}""",
        Schema + "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call " +
            "at /States/S/Parameters")]
    [InlineData(
        """{"Type":"Task","Resource":"arn:aws:states:::dynamodb:query","End":true}""",
        Schema + "The resource provided arn:aws:states:::dynamodb:query is not recognized. The value is not a valid " +
            "resource ARN, or the resource is not available in this region. at /States/S/Resource")]
    [InlineData(
        """{"Type":"Map","End":true,"ItemProcessor":{"QueryLanguage":"JSONata",%Inner}""",
        Schema + "Field 'QueryLanguage' is not supported at /States/S/ItemProcessor")]
    // Measured on AWS, or reported by its users: the words. The place is AWS's form.
    [InlineData(
        """{"Type":"Pass"}""",
        Schema + "This object should have only one of the following fields: [Next, End] at /States/S")]
    [InlineData(
        """{"Type":"Pass","Next":"S","End":true}""",
        Schema + "There should only be one of the following fields: [Next, End] at /States/S")]
    [InlineData("""{"Type":"Pass","End":1}""", Schema + "Expected value of type Boolean at /States/S/End")]
    [InlineData("""7""", Schema + "Expected value of type Object at /States/S")]
    [InlineData("""{"Type":"Task","End":true}""", Schema + "These fields are required: [Resource] at /States/S")]
    [InlineData(
        """{"Type":"Pass","End":true,"ResultPath":"$$.a"}""",
        Schema + "Value is not a Reference Path at /States/S/ResultPath")]
    [InlineData(
        """{"Type":"Pass","End":true,"ResultPath":"$.a[*]"}""",
        Schema + "Value is not a Reference Path at /States/S/ResultPath")]
    [InlineData(
        """{%Task,"End":true,"TimeoutSeconds":0}""",
        Schema + "Minimum value is 1 at /States/S/TimeoutSeconds")]
    [InlineData(
        """{%Task,"End":true,"TimeoutSeconds":1.5}""",
        Schema + "Expected value of type Integer at /States/S/TimeoutSeconds")]
    [InlineData(
        """{%Task,"End":true,"TimeoutSeconds":1,"TimeoutSecondsPath":"$.t"}""",
        Schema + "There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath] at /States/S")]
    [InlineData(
        """{%Task,"End":true,"TimeoutSeconds":5,"HeartbeatSeconds":5}""",
        Schema + "HeartbeatSeconds must be smaller than TimeoutSeconds at /States/S/HeartbeatSeconds")]
    [InlineData(
        """{%Task,"End":true,"Retry":[{"ErrorEquals":["States.ALL","b"]}]}""",
        Schema + "States.ALL must appear alone and at end of list at /States/S/Retry[0]/ErrorEquals")]
    [InlineData(
        """{%Task,"End":true,"Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["a"]}]}""",
        Schema + "States.ALL must appear alone and at end of list at /States/S/Retry[0]/ErrorEquals")]
    [InlineData(
        """{%Task,"End":true,"Retry":[{}]}""",
        Schema + "These fields are required: [ErrorEquals] at /States/S/Retry[0]")]
    [InlineData(
        """{%Task,"End":true,"Retry":[{"ErrorEquals":[]}]}""",
        Schema + "Value cannot be empty at /States/S/Retry[0]/ErrorEquals")]
    [InlineData(
        """{%Task,"End":true,"Retry":[{"ErrorEquals":[1]}]}""",
        Schema + "Expected value of type String at /States/S/Retry[0]/ErrorEquals[0]")]
    [InlineData(
        """{%Task,"End":true,"Retry":[{"ErrorEquals":["a"],"BackoffRate":0.5}]}""",
        Schema + "Minimum value is 1.0 at /States/S/Retry[0]/BackoffRate")]
    [InlineData(
        """{%Task,"End":true,"Retry":[{"ErrorEquals":["a"],"IntervalSeconds":5,"MaxDelaySeconds":5}]}""",
        Schema + "MaxDelaySeconds must be greater than IntervalSeconds at /States/S/Retry[0]/MaxDelaySeconds")]
    [InlineData(
        """{%Task,"End":true,"Retry":[{"ErrorEquals":["a"],"JitterStrategy":"SOME"}]}""",
        Schema + "Value should be one of the following: [NONE, FULL] " +
            "at /States/S/Retry[0]/JitterStrategy")]
    [InlineData(
        """{%Task,"End":true,"Catch":[{"ErrorEquals":["a"]}]}""",
        Schema + "These fields are required: [Next] at /States/S/Catch[0]")]
    [InlineData("""{"Type":"Choice"}""", Schema + "These fields are required: [Choices] at /States/S")]
    [InlineData("""{"Type":"Choice","Choices":[]}""", Schema + "Value cannot be empty at /States/S/Choices")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true}]}""",
        Schema + "These fields are required: [Next] at /States/S/Choices[0]")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"IsNull":true,"Next":"S"}]}""",
        Schema + "The object must have only one of the following fields, " +
            "[And, Or, Not, Variable, Condition] at /States/S/Choices[0]")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":"1","Next":"S"}]}""",
        Schema + "Expected value of type Number at /States/S/Choices[0]/NumericEquals")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Variable":"$.a","TimestampEquals":"now","Next":"S"}]}""",
        Schema + "String does not match RFC3339 timestamp at /States/S/Choices[0]/TimestampEquals")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"And":[{"Variable":"$.a","IsNull":true,"Next":"S"}],"Next":"S"}]}""",
        Schema + "Field 'Next' is not supported at /States/S/Choices[0]/And[0]")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Condition":"{% true %}","Next":"S"}]}""",
        Schema + "The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the 'JSONata' " +
            "QueryLanguage at /States/S/Choices[0]")]
    [InlineData(
        """{"Type":"Fail","Error":"a","ErrorPath":"$.b"}""",
        Schema + "There should only be one of the following fields: [Error, ErrorPath] at /States/S")]
    [InlineData(
        """{"Type":"Map","End":true}""",
        Schema + "This object should have only one of the following fields: [ItemProcessor, Iterator] at /States/S")]
    [InlineData(
        """{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"Payload":{}},"End":true}""",
        Schema + "The field 'FunctionName' is required but was missing at /States/S/Parameters")]
    [InlineData(
        """{%Task,"End":true,"Credentials":{}}""", // Recorded in credentials/*.
        Schema + "The field 'RoleArn' is required but was missing at /States/S/Credentials")]
    [InlineData(
        """{"Type":"Pass","QueryLanguage":"JSONata","Parameters":{},"End":true}""",
        Schema + "The QueryLanguage is set to 'JSONata', but field 'Parameters' is only supported for the 'JSONPath' " +
            "QueryLanguage at /States/S")]
    [InlineData(
        """{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"_a":1,"b.c":1,"states":1,"größe_2":1},"End":true}""",
        "INVALID_VARIABLE_NAME: Invalid variable name '_a': the variable name contains invalid characters. " +
            "at /States/S/Assign/_a, INVALID_VARIABLE_NAME: Invalid variable name 'b.c': the variable name contains " +
            "invalid characters. at /States/S/Assign/b.c, " +
            "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at /States/S/Assign/states")]
    [InlineData(
        """{"Type":"Succeed","Assign":{}}""", Schema + "Field 'Assign' is not supported at /States/S")]
    // Only the mode DISTRIBUTED has it.
    [InlineData(
        """{%Map,"ItemReader":{}}""",
        Schema + "Field 'ItemReader' is not supported at /States/S")]
    [InlineData(
        """
        {"Type":"Map","End":true,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
        "ReaderConfig":{"InputType":"PARQUET"}},
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},%Inner}
        """,
        NotYet + "Data in PARQUET cannot be read at /States/S/ItemReader/ReaderConfig/InputType")]
    [InlineData(
        """{"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},%Inner}""",
        Schema + "These fields are required: [ExecutionType] at /States/S/ItemProcessor/ProcessorConfig")]
    public void Parse_BadState_SaysWhatAndWhere(string state, string expected) =>
        Assert.Equal(expected, Parse(state).ErrorText);

    [Fact]
    public void Parse_SeveralMistakes_ReportsEachInOrder()
    {
        var parse = Parse("""{"Type":"Wait","Seconds":"1","Nxt":"S"}""");

        Assert.Null(parse.Definition);
        Assert.Equal(
            [
                "Field 'Nxt' is not supported",
                "This object should have only one of the following fields: [Next, End]",
                "Expected value of type Integer",
            ],
            parse.Diagnostics.Select(diagnostic => diagnostic.Message));
    }

    [Theory]
    [InlineData("""{"Type":"Pass","Parameters":{"a":"$.x"},"End":true}""", "NO_DOLLAR", "/States/S/Parameters/a")]
    [InlineData(
        """{"Type":"Pass","Result":{"a.$":"$.x"},"End":true}""",
        "PASS_RESULT_IS_STATIC", "/States/S/Result/a.$")]
    [InlineData(
        """
        {"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","End":true,
         "Parameters":{"FunctionName":"f"}}
        """,
        "TASK_TOKEN_NOT_PASSED",
        "/States/S")]
    [InlineData("""{"Type":"Pass","End":true,"End":true}""", "SCHEMA_VALIDATION_FAILED", "/States/S/End")]
    public void Parse_DubiousState_WarnsAndGoesOn(string state, string code, string location)
    {
        var parse = Parse(state);

        Assert.NotNull(parse.Definition);
        var warning = Assert.Single(parse.Diagnostics);
        Assert.Equal((DiagnosticSeverity.Warning, code, location), (warning.Severity, warning.Code, warning.Location));
    }

    private static DefinitionParse Parse(string state) => DefinitionParser.Parse(
        "{\"StartAt\":\"S\",\"States\":{\"S\":" + Fill(state) + "}}",
        new DefinitionOptions
        {
            CanRun = resource => resource is LambdaFunctionResource or ServiceIntegration { Service: "lambda" },
            CanReadItems = resource => resource is { Service: "s3", Action: "getObject" },
        });

    private static string Fill(string state) => state
        .Replace("%Task", Task, StringComparison.Ordinal)
        .Replace("%Map", Map, StringComparison.Ordinal)
        .Replace("%Inner", Inner, StringComparison.Ordinal);
}
