using Lungfish.States.Model;
using Lungfish.States.Parsing;
using Lungfish.States.Validation;

namespace Lungfish.States.Tests.Validation;

/// <summary>Rules between fields and states. The words are AWS's, recorded or measured, unless a line says
/// otherwise.</summary>
public sealed class RuleDiagnosticTests
{
    private const string Schema = "SCHEMA_VALIDATION_FAILED: ";
    private const string Task = "\"Type\":\"Task\",\"End\":true,\"Resource\":\"arn:aws:states:::lambda:invoke\"";
    private const string Inner = "\"StartAt\":\"I\",\"States\":{\"I\":{\"Type\":\"Succeed\"}}}";

    [Theory]
    [InlineData(
        """{"Type":"Wait","End":true}""",
        "This object should have only one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp] " +
            "at /States/S")]
    [InlineData(
        """{"Type":"Wait","Seconds":1,"TimestampPath":"$.t","End":true}""",
        "There should only be one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp] " +
            "at /States/S")]
    [InlineData(
        """{"Type":"Wait","Seconds":10000000000000000,"End":true}""",
        "Maximum value is 99999999 at /States/S/Seconds")]
    [InlineData("""{"Type":"Wait","Seconds":-1,"End":true}""", "Minimum value is 0 at /States/S/Seconds")]
    [InlineData(
        """{%Task,"Retry":[{"ErrorEquals":["a"],"MaxAttempts":100000000}]}""",
        "Maximum value is 99999999 at /States/S/Retry[0]/MaxAttempts")]
    [InlineData(
        """{%Task,"Retry":[{"ErrorEquals":["a"],"MaxDelaySeconds":31622401}]}""",
        "Maximum value is 31622400 at /States/S/Retry[0]/MaxDelaySeconds")]
    [InlineData(
        """{"Type":"Pass","QueryLanguage":"jsonata","End":true}""",
        "Value should be one of the following: [JSONPath, JSONata] at /States/S/QueryLanguage")]
    [InlineData(
        """{"Type":"Task","Resource":"f","End":true}""",
        "Value is not a valid resource ARN at /States/S/Resource")]
    [InlineData(
        """
        {"Type":"Task","Resource":"arn:aws:states:us-east-1:000000000000:activity:a","End":true,
         "Credentials":{"RoleArn":"arn:aws:iam::000000000000:role/r"}}
        """,
        "The field 'Credentials' is not supported for activities at /States/S/Credentials")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Variable":"Test","StringMatches":"Test","Next":"S"}]}""",
        "Value is not a Reference Path: Reference path didn't start with '$' at /States/S/Choices[0]/Variable")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Variable":"$.a[*]","StringMatches":"Test","Next":"S"}]}""",
        "Value is not a Reference Path at /States/S/Choices[0]/Variable")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Next":"S"}]}""",
        "The object must have only one of the following fields, [And, Or, Not, Variable, Condition] " +
            "at /States/S/Choices[0]")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Variable":"$.a","And":[{"Variable":"$.a","IsNull":true}],"Next":"S"}]}""",
        "The object must have only one of the following fields, [And, Or, Not, Variable, Condition] " +
            "at /States/S/Choices[0]")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"IsString":true,"Next":"S"}]}""",
        "There should only be one of the following fields: [IsNull, IsString] at /States/S/Choices[0]")]
    [InlineData(
        """
        {"Type":"Map","End":true,"Iterator":{%Inner,
         "ItemProcessor":{"StartAt":"J","States":{"J":{"Type":"Fail"}}}}
        """,
        "There should only be one of the following fields: [ItemProcessor, Iterator] at /States/S")]
    [InlineData(
        """{"Type":"Map","End":true,"Iterator":{%Inner,"MaxConcurrencyPath":"$$.Execution.Input.n"}""",
        "Value is not a Reference Path at /States/S/MaxConcurrencyPath")]
    [InlineData(
        """{"Type":"Map","End":true,"Iterator":{%Inner,"ToleratedFailurePercentage":100.5}""",
        "Maximum value is 100.0 at /States/S/ToleratedFailurePercentage")]
    [InlineData(
        """{"Type":"Map","End":true,"Iterator":{%Inner,"ToleratedFailurePercentage":-1}""",
        "Minimum value is 0.0 at /States/S/ToleratedFailurePercentage")]
    [InlineData(
        """{"Type":"Pass","QueryLanguage":"JSONata","Output":{"a":["{% 1"]},"End":true}""",
        "JSONata string must start with {% and end with %} at /States/S/Output/a[0]")]
    public void Parse_FieldsThatMayNotBeSo_SaysWhatAndWhere(string state, string expected) =>
        Assert.Equal(Schema + expected, Parse(state).ErrorText);

    [Theory]
    [InlineData("""{%Task,"Retry":[{"ErrorEquals":["a"],"IntervalSeconds":0}]}""")] // Measured.
    [InlineData("""{%Task,"Retry":[{"ErrorEquals":["a"],"MaxAttempts":0,"MaxDelaySeconds":31622400}]}""")]
    [InlineData("""{%Task,"Retry":[{"ErrorEquals":["States.Http.StatusCode.503"]}]}""")]
    [InlineData("""{"Type":"Pass","QueryLanguage":"JSONata","Output":" {% 1 %} ","End":true}""")] // Recorded.
    [InlineData("""{"Type":"Map","End":true,"Iterator":{%Inner,"ItemsPath":"$$.Execution.Input.list"}""")]
    [InlineData("""{"Type":"Map","End":true,"Iterator":{%Inner,"MaxConcurrencyPath":"$limits.n"}""")]
    [InlineData("""{"Type":"Pass","Next":"Z","End":false}""")]
    public void Parse_FieldsAtTheirLimits_SaysNothing(string state)
    {
        var parse = Parse(state);

        Assert.Equal("", parse.ErrorText);
        Assert.Empty(parse.Diagnostics);
    }

    [Theory] // Recorded in sfn_api_express, the last one measured.
    [InlineData(
        """{"Type":"Task","End":true,"Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken"}""",
        "Express state machine does not support '.waitForTaskToken' service integration  at /States/S/Resource")]
    [InlineData(
        """{"Type":"Task","End":true,"Resource":"arn:aws:states:::states:startExecution.sync:2"}""",
        "Express state machine does not support '.sync' service integration at /States/S/Resource")]
    [InlineData(
        """{"Type":"Task","End":true,"Resource":"arn:aws:states:us-east-1:000000000000:activity:a"}""",
        "Express state machine does not support Activity ARN at /States/S/Resource")]
    public void Parse_ForExpress_RefusesWhatWaitsForAnAnswer(string state, string expected)
    {
        Assert.Equal("", Parse(state).ErrorText);
        Assert.Equal(Schema + expected, Parse(state, StateMachineType.Express).ErrorText);
    }

    [Fact]
    public void Parse_ForExpress_RefusesDistributedMaps()
    {
        const string map =
            """
            {"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED",
             "ExecutionType":"STANDARD"},%Inner}
            """;

        Assert.Equal("", Parse(map).ErrorText);
        Assert.Equal(
            Schema + "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines " +
                "at /States/S/ItemProcessor/ProcessorConfig/Mode",
            Parse(map, StateMachineType.Express).ErrorText);
    }

    [Theory] // Children of type EXPRESS are Express executions; those of an inline Map are none of their own.
    [InlineData(""" "Mode":"DISTRIBUTED","ExecutionType":"EXPRESS" """, true)]
    [InlineData(""" "Mode":"DISTRIBUTED","ExecutionType":"STANDARD" """, false)]
    [InlineData(""" "Mode":"INLINE" """, false)]
    public void Parse_TaskInAMap_MayDoWhatItsExecutionsMay(string config, bool isRefused)
    {
        var parse = Parse(
            """
            {"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{CONFIG},"StartAt":"I","States":{"I":
             {"Type":"Task","End":true,"Resource":"arn:aws:states:us-east-1:000000000000:activity:a"}}}}
            """.Replace("CONFIG", config, StringComparison.Ordinal));

        Assert.Equal(
            isRefused
                ? Schema + "Express state machine does not support Activity ARN " +
                    "at /States/S/ItemProcessor/States/I/Resource"
                : "",
            parse.ErrorText);
    }

    [Fact]
    public void Parse_LongStateName_IsRefusedInTheWordsThatUsersReport()
    {
        var name = new string('n', 81);

        var parse = DefinitionParser.Parse(
            "{\"StartAt\":\"" + name + "\",\"States\":{\"" + name + "\":{\"Type\":\"Succeed\"}}}", Options());

        Assert.Equal(
            $"INVALID_STATE_NAME: Invalid State name: State '{name}' exceeds the 80-character limit allowed by the " +
                $"service at /States/{name}",
            parse.ErrorText);
    }

    [Fact]
    public void Parse_StateNamedTwiceInOneObject_IsADuplicateAndNotLost()
    {
        var parse = DefinitionParser.Parse(
            """{"StartAt":"A","States":{"A":{"Type":"Fail"},"A":{"Type":"Succeed"}}}""", Options());

        Assert.Equal("DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A", parse.ErrorText);
    }

    [Theory]
    [InlineData("""{"Type":"Fail","Error":"$.error"}""", "NO_PATH", "/States/S/Error")]
    [InlineData("""{"Type":"Fail","Cause":"States.Format('{}', $.a)"}""", "NO_PATH", "/States/S/Cause")]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Variable":"$.a","StringEquals":"$.b","Next":"Z"}]}""",
        "NO_PATH", "/States/S/Choices[0]/StringEquals")]
    [InlineData("""{"Type":"Pass","Result":"$.a","End":true}""", "PASS_RESULT_IS_STATIC", "/States/S/Result")]
    [InlineData(
        """{%Task,"Retry":[{"ErrorEquals":["States.Timeot"]}]}""",
        "ERROR_NEVER_MATCHES", "/States/S/Retry[0]/ErrorEquals[0]")]
    [InlineData(
        """{%Task,"Catch":[{"ErrorEquals":["a","States.Runtime"],"Next":"Z"}]}""",
        "ERROR_NEVER_MATCHES", "/States/S/Catch[0]/ErrorEquals[1]")]
    public void Parse_WhatIsLegalAndHardlyMeant_WarnsAndGoesOn(string state, string code, string location)
    {
        var parse = Parse(state);

        Assert.NotNull(parse.Definition);
        var warning = Assert.Single(parse.Diagnostics);
        Assert.Equal((DiagnosticSeverity.Warning, code, location), (warning.Severity, warning.Code, warning.Location));
    }

    [Fact]
    public void Parse_PlaceBelowAnOddName_HasAJsonPointer()
    {
        var parse = DefinitionParser.Parse(
            """{"StartAt":"a/b~c","States":{"a/b~c":{"Type":"Choice","Choices":[{"Next":"a/b~c"}]}}}""", Options());

        Assert.Equal("/States/a~1b~0c/Choices/0", Assert.Single(parse.Diagnostics).Pointer);
    }

    /// <summary>The state, and one that it can lead to where the rules between states want one.</summary>
    private static DefinitionParse Parse(string state, StateMachineType type = StateMachineType.Standard)
    {
        var more = state.Contains("\"Next\":\"Z\"", StringComparison.Ordinal) ? ",\"Z\":{\"Type\":\"Succeed\"}" : "";
        var filled = state.Replace("%Task", Task, StringComparison.Ordinal)
            .Replace("%Inner", Inner, StringComparison.Ordinal);
        return DefinitionParser.Parse("{\"StartAt\":\"S\",\"States\":{\"S\":" + filled + more + "}}", Options(type));
    }

    private static DefinitionOptions Options(StateMachineType type = StateMachineType.Standard) =>
        new() { CanRun = _ => true, Type = type };
}
