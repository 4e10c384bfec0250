using Lungfish.Json;

namespace Lungfish.Server.Tests;

public sealed class ValidateStateMachineDefinitionTests
{
    /// <summary>Two errors and, between them in the text, a warning.</summary>
    private const string Dubious =
        """
        {"StartAt":"A","States":{"A":{"Type":"Pass","Result":"$.a","Next":"B","X":1},
         "B":{"Type":"Fail","Error":"$.e","Y":1}}}
        """;

    [Fact]
    public async Task Validate_GoodDefinition_IsOk()
    {
        var answer = await ValidateAsync("""{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}""");

        Assert.Equal(JsonValue.Parse("""{"result":"OK","diagnostics":[],"truncated":false}"""), answer.Json);
    }

    [Fact] // Recorded in sfn_api_validation (EMPTY_STRING): no location.
    public async Task Validate_BlankText_HasADiagnosticWithoutLocation()
    {
        var answer = await ValidateAsync(" ");

        Assert.Equal(
            JsonValue.Parse(
                """
                {"result":"FAIL","truncated":false,"diagnostics":[{"severity":"ERROR",
                 "code":"SCHEMA_VALIDATION_FAILED","message":"Definition must be a valid JSON object"}]}
                """),
            answer.Json);
    }

    [Theory]
    [InlineData("", "/States/A,/States/B")] // Documented: errors alone, unless warnings are asked for.
    [InlineData(""","severity":"ERROR" """, "/States/A,/States/B")]
    [InlineData(
        ""","severity":"WARNING" """, "/States/A,/States/A/Result,/States/B,/States/B/Error")]
    [InlineData(""","severity":"WARNING","maxResults":0""", "/States/A,/States/A/Result,/States/B,/States/B/Error")]
    public async Task Validate_Severity_SaysWhatIsListed(string more, string locations)
    {
        var answer = await ValidateAsync(Dubious, more);

        Assert.Equal("FAIL", Body(answer).Text("result"));
        Assert.Equal(locations, string.Join(',', Locations(answer)));
        Assert.Equal(JsonValue.False, Body(answer)["truncated"]);
    }

    [Fact]
    public async Task Validate_OnlyWarnings_IsOk()
    {
        var answer = await ValidateAsync(
            """{"StartAt":"A","States":{"A":{"Type":"Fail","Cause":"$.c"}}}""", ""","severity":"WARNING" """);

        Assert.Equal("OK", Body(answer).Text("result"));
        Assert.Equal(["/States/A/Cause"], Locations(answer));
    }

    [Fact]
    public async Task Validate_MoreThanMaxResults_IsCutAndSaysSo()
    {
        var answer = await ValidateAsync(Dubious, ""","maxResults":1""");

        Assert.Equal("FAIL", Body(answer).Text("result"));
        Assert.Equal(["/States/A"], Locations(answer));
        Assert.Equal(JsonValue.True, Body(answer)["truncated"]);
    }

    [Fact] // Recorded in sfn_api_validation (ILLEGAL_WFTT).
    public async Task Validate_ForExpress_TellsWhatThatCannotDo()
    {
        const string definition =
            """
            {"StartAt":"A","States":{"A":{"Type":"Task","End":true,
             "Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken"}}}
            """;

        var answer = await ValidateAsync(definition, ""","type":"EXPRESS" """);

        Assert.Contains("Express state machine does not support '.waitForTaskToken' service integration ",
            answer.Json.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        ""","type":"express" """,
        "Value 'express' at 'type' failed to satisfy constraint: Member must satisfy enum value set: " +
            "[STANDARD, EXPRESS]")]
    [InlineData(
        ""","severity":"INFO" """,
        "Value 'INFO' at 'severity' failed to satisfy constraint: Member must satisfy enum value set: " +
            "[ERROR, WARNING]")]
    [InlineData(
        ""","maxResults":101""",
        "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100")]
    public async Task Validate_RequestItselfIsWrong_IsRefused(string more, string message)
    {
        var answer = await ValidateAsync("{}", more);

        Assert.Equal(400, answer.Status);
        Assert.Equal($"1 validation error detected: {message}", answer.Message);
    }

    private static IEnumerable<string> Locations(Answer answer) =>
        Assert.IsType<JsonArray>(Body(answer)["diagnostics"]).Select(
            diagnostic => ((JsonObject)diagnostic)["location"] is JsonString location ? location.Value : "");

    private static JsonObject Body(Answer answer) => Assert.IsType<JsonObject>(answer.Json);

    private static async Task<Answer> ValidateAsync(string definition, string more = "")
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        return await edge.CallAsync(
            "ValidateStateMachineDefinition", $$"""{"definition":{{((JsonValue)definition).ToText()}}{{more}}}""");
    }
}
