using Lungfish.Engine.Tasks;
using Lungfish.Integrations.Messaging;
using Lungfish.Integrations.S3;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Tests;

public sealed class MessagingTaskTests
{
    private const string Sent = """{"MessageId":"id","MD5OfMessageBody":"md5","SequenceNumber":"7"}""";

    [Fact]
    public async Task SendMessage_ObjectAsBody_IsSentAsItsTextAndUnknownParametersAreDropped()
    {
        await using var sqs = new FakeS3((200, Sent));

        var outcome = await RunAsync(
            "sqs", sqs.Url, """{"QueueUrl":"q","MessageBody":{"a": 1},"DelaySeconds":2,"Other":3}""");

        var output = Assert.IsType<JsonObject>(Assert.IsType<TaskCompleted>(outcome).Output);
        Assert.Equal(
            JsonValue.Parse("""{"QueueUrl":"q","MessageBody":"{\"a\":1}","DelaySeconds":2}"""),
            JsonValue.Parse(Assert.Single(sqs.Bodies)));
        Assert.Equal("AmazonSQS.SendMessage", Assert.Single(sqs.Asked).Headers["X-Amz-Target"]);
        Assert.Contains("/us-east-1/sqs/aws4_request", sqs.Asked[0].Headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal(("id", "md5", "7"), (output["MessageId"], output["MD5OfMessageBody"], output["SequenceNumber"]));
        Assert.Equal(200, Assert.IsType<JsonObject>(output["SdkHttpMetadata"])["HttpStatusCode"]);
    }

    [Fact]
    public async Task SendMessage_ToAQueueElsewhere_GoesToTheQueuesHost()
    {
        await using var endpoint = new FakeS3((200, Sent));
        await using var other = new FakeS3((200, Sent));

        _ = await RunAsync("sqs", endpoint.Url, $$"""{"QueueUrl":"{{other.Url}}1/q","MessageBody":"m"}""");
        _ = await RunAsync(
            "sqs", endpoint.Url, """{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/1/q","MessageBody":"m"}""");

        _ = Assert.Single(other.Bodies);
        _ = Assert.Single(endpoint.Bodies);
    }

    // The names are recorded in error_handling/task_service_sqs and documented for the queue that is not there.
    [Theory]
    [InlineData("com.amazonaws.sqs#MissingParameter", "SQS.AmazonSQSException", "MissingParameter")]
    [InlineData("com.amazonaws.sqs#QueueDoesNotExist", "SQS.QueueDoesNotExistException", "QueueDoesNotExist")]
    public async Task SendMessage_Refused_IsAnErrorOfItsName(string type, string error, string code)
    {
        await using var sqs = new FakeS3((400, $$"""{"__type":"{{type}}","message":"No."}"""));

        var fault = Assert.IsType<TaskFaulted>(await RunAsync("sqs", sqs.Url, """{"QueueUrl":"q"}"""));

        Assert.Equal(error, fault.Error);
        Assert.StartsWith(
            $"No. (Service: AmazonSQS; Status Code: 400; Error Code: {code}; Request ID: ",
            fault.Cause,
            StringComparison.Ordinal);
        Assert.EndsWith("; Proxy: null)", fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_WithAttributes_IsAForm()
    {
        await using var sns = new FakeS3((200, """
            <PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>id</MessageId>
            <SequenceNumber>7</SequenceNumber></PublishResult>
            <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>
            """));

        var outcome = await RunAsync("sns", sns.Url, """
            {"TopicArn":"t","Message":{"a":1},"MessageAttributes":{"n":{"DataType":"String","StringValue":"v w"}}}
            """);

        var output = Assert.IsType<JsonObject>(Assert.IsType<TaskCompleted>(outcome).Output);
        Assert.Equal(
            "Action=Publish&Message=%7B%22a%22%3A1%7D&MessageAttributes.entry.1.Name=n"
            + "&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=v%20w"
            + "&TopicArn=t&Version=2010-03-31",
            Assert.Single(sns.Bodies));
        Assert.Equal(("id", "7"), (output["MessageId"], output["SequenceNumber"]));
        Assert.Equal("r", Assert.IsType<JsonObject>(output["SdkResponseMetadata"])["RequestId"]);
    }

    // Recorded in services_sns/test_fifo_message_attribute and test_publish_base_error_topic_arn.
    [Theory]
    [InlineData(400, "InvalidParameter", "SNS.InvalidParameterException")]
    [InlineData(404, "NotFound", "SNS.NotFoundException")]
    [InlineData(400, "SomethingElse", "SNS.AmazonSNSException")]
    public async Task Publish_Refused_IsAnErrorOfItsName(int status, string code, string error)
    {
        await using var sns = new FakeS3((status, $"""
            <ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>No.</Message></Error>
            <RequestId>r</RequestId></ErrorResponse>
            """));

        Assert.Equal(
            new TaskFaulted(
                error,
                $"No. (Service: AmazonSNS; Status Code: {status}; Error Code: {code}; Request ID: r; Proxy: null)"),
            await RunAsync("sns", sns.Url, """{"TopicArn":"t","Message":"m"}"""));
    }

    [Fact]
    public void All_WithoutEndpoints_RunsNothing() =>
        Assert.Empty(MessagingTasks.All(sqs: null, sns: null, TimeProvider.System));

    private static async Task<TaskOutcome> RunAsync(string service, Uri endpoint, string input)
    {
        var action = service == "sqs" ? "sendMessage" : "publish";
        var options = new ServiceEndpointOptions { Endpoint = endpoint, Credentials = new AwsCredentials("id", "key") };
        var resource = new ServiceIntegration(
            $"arn:aws:states:::{service}:{action}", service, action, IntegrationPattern.RequestResponse);
        return await MessagingTasks.All(options, options, TimeProvider.System)
            .Single(handler => handler.CanRun(resource))
            .RunAsync(Assignments.Of(resource, JsonValue.Parse(input)), default);
    }
}
