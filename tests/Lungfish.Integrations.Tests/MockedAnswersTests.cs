using Lungfish.Integrations.ApiShapes;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Tests;

public sealed class MockedAnswersTests
{
    private static readonly MockedAnswers s_answers = new();

    // Recorded in test_state/field_validation_mode*, and its neighbours that follow from the same models.
    [Theory]
    [InlineData("states", "startExecution", "{}", "Required field 'ExecutionArn' is missing")]
    [InlineData(
        "states", "startExecution", """{"executionArn":"a","startDate":"b"}""",
        "Required field 'ExecutionArn' is missing")]
    [InlineData(
        "states", "startExecution", """{"ExecutionArn":"a","StartDate":true}""", "Field 'StartDate' must be a string")]
    [InlineData("lambda", "invoke", """{"StatusCode":"200"}""", "Field 'StatusCode' must be a number")]
    [InlineData(
        "dynamodb", "putItem", """{"ConsumedCapacity":{"CapacityUnits":"123.45"}}""",
        "Field 'CapacityUnits' must be a number")]
    [InlineData(
        "aws-sdk:s3", "getObject", """{"StorageClass":"Papyrus"}""", "Field 'StorageClass' is not an expected value")]
    [InlineData("aws-sdk:kms", "encrypt", """{"CiphertextBlob":123}""", "Field 'CiphertextBlob' must be a string")]
    [InlineData(
        "aws-sdk:kms", "encrypt", """{"CiphertextBlob":""}""",
        "Field 'CiphertextBlob' is smaller than the minimum length")]
    [InlineData(
        "aws-sdk:lambda", "getFunction", """{"Configuration":{"MemorySize":127}}""",
        "Field 'MemorySize' is less than the minimum value")]
    [InlineData(
        "aws-sdk:lambda", "getFunction", """{"Configuration":{"MemorySize":10241}}""",
        "Field 'MemorySize' exceeds the maximum value")]
    [InlineData("events", "putEvents", """{"Entries":{}}""", "Field 'Entries' must be an array")]
    [InlineData("events", "putEvents", """{"Entries":[{"EventId":1}]}""", "Field 'EventId' must be a string")]
    [InlineData("dynamodb", "getItem", """{"Item":{"id":"1"}}""", "Field 'Item' must be an object")]
    [InlineData(
        "aws-sdk:dynamodb", "listTables", """{"TableNames":[""]}""",
        "Field 'TableNames' is smaller than the minimum length")]
    public void WhyNot_AnswerHasAnotherForm_TellsTheFirstField(
        string service, string action, string answer, string why) =>
        Assert.Equal($"Mock result schema validation error: {why}", WhyNot(service, action, answer));

    [Theory]
    [InlineData("events", "putEvents", """{"random":"json"}""")]
    [InlineData("states", "startExecution", """{"ExecutionArn":"a","StartDate":"2026-01-01T00:00:00Z"}""")]
    [InlineData("lambda", "invoke", """{"Payload":{"an":"object"},"StatusCode":200}""")]
    [InlineData("dynamodb", "getItem", """{"Item":{"id":{"S":"1"}},"SdkHttpMetadata":{"HttpStatusCode":200}}""")]
    [InlineData("sqs", "sendMessage", """{"MD5OfMessageBody":"0","MessageId":"1"}""")]
    [InlineData("aws-sdk:sqs", "sendMessage", """{"Md5OfMessageBody":"0"}""")]
    public void WhyNot_AnswerIsAsTheServiceAnswers_FindsNothing(string service, string action, string answer) =>
        Assert.Null(WhyNot(service, action, answer));

    [Fact]
    public void WhyNot_OnlyWhatIsThereIsChecked_AcceptsMissingFields()
    {
        var integration = Integration("states", "startExecution", IntegrationPattern.RequestResponse);

        Assert.Null(s_answers.WhyNot(integration, JsonObject.Empty, requireAll: false));
    }

    [Theory]
    [InlineData("http", "invoke")]
    [InlineData("apigateway", "invoke")]
    [InlineData("aws-sdk:nosuchservice", "doIt")]
    [InlineData("aws-sdk:dynamodb", "noSuchAction")]
    public void WhyNot_NothingIsKnownOfTheOperation_FindsNothing(string service, string action) =>
        Assert.Null(WhyNot(service, action, """{"StatusCode":"200"}"""));

    [Fact]
    public void WhyNot_ResultComesByToken_AcceptsAnything() =>
        Assert.Null(WhyNot("lambda", "invoke", "\"approved\"", IntegrationPattern.WaitForTaskToken));

    [Fact]
    public void WhyNot_AnswerIsNoObject_TellsSo() =>
        Assert.Equal("Mocked result must be a JSON object.", WhyNot("lambda", "invoke", "[]"));

    // The polled operation's answer is the result, with input and output as text in the first version only.
    [Theory]
    [InlineData(IntegrationPattern.Sync, "\"{}\"", null)]
    [InlineData(IntegrationPattern.Sync, "{}", "Field 'Output' must be a string")]
    [InlineData(IntegrationPattern.Sync2, "{}", null)]
    public void WhyNot_ExecutionIsWaitedFor_IsTheAnswerOfDescribeExecution(
        IntegrationPattern pattern, string output, string? why)
    {
        var answer = $$"""
            {"ExecutionArn":"a","StateMachineArn":"b","Status":"SUCCEEDED","StartDate":"c","Output":{{output}}}
            """;

        var found = WhyNot("states", "startExecution", answer, pattern);

        Assert.Equal(why is null ? null : $"Mock result schema validation error: {why}", found);
    }

    [Fact]
    public void WhyNot_ExecutionIsWaitedForButNotDescribed_RequiresItsFields() =>
        Assert.Equal(
            "Mock result schema validation error: Required field 'StateMachineArn' is missing",
            WhyNot("states", "startExecution", """{"ExecutionArn":"a","StartDate":"b"}""", IntegrationPattern.Sync2));

    private static string? WhyNot(
        string service,
        string action,
        string answer,
        IntegrationPattern pattern = IntegrationPattern.RequestResponse) =>
        s_answers.WhyNot(Integration(service, action, pattern), JsonValue.Parse(answer), requireAll: true);

    private static ServiceIntegration Integration(string service, string action, IntegrationPattern pattern) =>
        new($"arn:aws:states:::{service}:{action}", service, action, pattern);
}
