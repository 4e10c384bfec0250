using Lungfish.Engine.Tasks;
using Lungfish.Integrations.S3;
using Lungfish.Json;
using Lungfish.States.Model;
using Lungfish.Tests.Shared;

namespace Lungfish.Integrations.Tests;

public sealed class AwsSdkS3TaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AwsSdkS3Task _task;

    public AwsSdkS3TaskTests()
    {
        _task = new AwsSdkS3Task(new FolderBuckets(_folder["buckets"]));
        _ = Directory.CreateDirectory(_folder["buckets/data"]);
    }

    public void Dispose() => _folder.Dispose();

    // Recorded in services_aws_sdk/test_s3_put_object.
    [Theory]
    [InlineData("\"text data\"", "KUmHvQ==", "2b5df3712557f503a9977a8ea893b2c9")]
    [InlineData("""{"Dict":"Value"}""", "hnEfWw==", "49e31cee5aec8faf3345893addb14346")]
    [InlineData("0", "9NvfIQ==", "cfcd208495d565ef66e7dff9f98764da")]
    public async Task PutObject_AnyBody_AnswersAsRecorded(string body, string crc, string md5)
    {
        var output = await RunAsync("putObject", $$"""{"Bucket":"data","Key":"k","Body":{{body}}}""");

        Assert.Equal(
            JsonValue.Parse($$"""
                {"ChecksumCRC32":"{{crc}}","ChecksumType":"FULL_OBJECT","ETag":"\"{{md5}}\"",
                 "ServerSideEncryption":"AES256"}
                """),
            output);
    }

    [Fact]
    public async Task GetObject_Text_IsTheBody()
    {
        await File.WriteAllTextAsync(_folder["buckets/data/k"], "hello");

        var output = (JsonObject)await RunAsync("getObject", """{"Bucket":"data","Key":"k"}""");
        var head = (JsonObject)await RunAsync("headObject", """{"Bucket":"data","Key":"k"}""");

        Assert.Equal("hello", output["Body"]);
        Assert.Equal(5, output["ContentLength"]);
        Assert.Equal("\"5d41402abc4b2a76b9719d911017c592\"", output["ETag"]);
        Assert.Equal(head, JsonObject.Of(output.Where(member => member.Key != "Body")));
    }

    // Recorded in error_handling/aws_sdk.test_s3_no_such_key and test_no_such_bucket; ids stand for what varies.
    [Theory]
    [InlineData(
        "getObject",
        """{"Bucket":"data","Key":"none"}""",
        "S3.NoSuchKeyException",
        "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: ")]
    [InlineData(
        "listObjects",
        """{"Bucket":"NoneOfThatName"}""",
        "S3.NoSuchBucketException",
        "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: ")]
    [InlineData(
        "createBucket",
        """{"Bucket":"data"}""",
        "S3.BucketAlreadyOwnedByYouException",
        "Your previous request to create the named bucket succeeded and you already own it. (Service: S3, Status")]
    [InlineData(
        "createBucket",
        """{"Bucket":"No"}""",
        "S3.S3Exception",
        "The specified bucket is not valid. (Service: S3, Status Code: 400, Request ID: ")]
    public async Task Run_Refused_FailsAsTheSdkNamesIt(string action, string input, string error, string cause)
    {
        var faulted = Assert.IsType<TaskFaulted>(await RunTaskAsync(action, input));

        Assert.Equal(error, faulted.Error);
        Assert.StartsWith(cause, faulted.Cause, StringComparison.Ordinal);
        Assert.Contains(", Extended Request ID: ", faulted.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Bucket":"data"}""", "The field 'Key' is required but was missing")]
    [InlineData("""{"Bucket":"data","Key":"k","ACL":"private"}""", "The field 'ACL' is not supported by Lungfish")]
    [InlineData("""{"Bucket":"data","Key":1}""", "The value of the field 'Key' has an invalid format")]
    public async Task Run_ParametersThatAreWrong_AreARuntimeError(string input, string problem) => Assert.Equal(
        new TaskFaulted(
            "States.Runtime", $"The Parameters '{input}' could not be used to start the Task: [{problem}]"),
        await RunTaskAsync("putObject", input));

    [Fact]
    public async Task List_PagesAndPrefixes_AreToldAsTheApiDoes()
    {
        foreach (var key in (string[])["a", "b/1", "b/2", "c"])
        {
            _ = await RunAsync("putObject", $$"""{"Bucket":"data","Key":"{{key}}","Body":1}""");
        }

        var first = (JsonObject)await RunAsync(
            "listObjectsV2", """{"Bucket":"data","Delimiter":"/","MaxKeys":2}""");
        var token = first["NextContinuationToken"]?.ToText();
        var second = (JsonObject)await RunAsync(
            "listObjectsV2", $$"""{"Bucket":"data","Delimiter":"/","ContinuationToken":{{token}}}""");
        var nothing = (JsonObject)await RunAsync("listObjectsV2", """{"Bucket":"data","Prefix":"x"}""");

        Assert.Equal(["a"], KeysOf(first));
        Assert.Equal("""[{"Prefix":"b/"}]""", first["CommonPrefixes"]?.ToText());
        Assert.Equal((JsonValue.True, 2), (first["IsTruncated"], (first["KeyCount"] as JsonNumber)?.Value));
        Assert.Equal(["c"], KeysOf(second));
        Assert.Null(second["CommonPrefixes"]);
        Assert.Equal(JsonValue.False, second["IsTruncated"]);
        Assert.Empty(KeysOf(nothing));
    }

    [Fact]
    public async Task Buckets_CreatedListedAndDeleted_ComeAndGo()
    {
        Assert.Equal("""{"Location":"/more"}""", (await RunAsync("createBucket", """{"Bucket":"more"}""")).ToText());
        var listed = (JsonArray?)((JsonObject)await RunAsync("listBuckets", "{}"))["Buckets"] ?? JsonArray.Empty;
        _ = await RunAsync("headBucket", """{"Bucket":"more"}""");
        _ = await RunAsync("deleteBucket", """{"Bucket":"more"}""");

        Assert.Equal(
            ["data", "more"],
            listed.Select(bucket => ((JsonObject)bucket)["Name"]).OfType<JsonString>().Select(name => name.Value));
        _ = Assert.IsType<TaskFaulted>(await RunTaskAsync("headBucket", """{"Bucket":"more"}"""));
    }

    [Fact]
    public void CanRun_ActionThatIsNotHere_IsNot()
    {
        Assert.True(_task.CanRun(Resource("getObject", IntegrationPattern.WaitForTaskToken)));
        Assert.False(_task.CanRun(Resource("getObject", IntegrationPattern.Sync)));
        Assert.False(_task.CanRun(Resource("putBucketAcl", IntegrationPattern.RequestResponse)));
    }

    private static IEnumerable<string> KeysOf(JsonObject page) =>
        ((JsonArray?)page["Contents"] ?? JsonArray.Empty)
        .Select(item => ((JsonObject)item)["Key"]).OfType<JsonString>().Select(key => key.Value);

    private static ServiceIntegration Resource(string action, IntegrationPattern pattern) =>
        new($"arn:aws:states:::aws-sdk:s3:{action}", "aws-sdk:s3", action, pattern);

    private async Task<JsonValue> RunAsync(string action, string input) =>
        Assert.IsType<TaskCompleted>(await RunTaskAsync(action, input)).Output;

    private ValueTask<TaskOutcome> RunTaskAsync(string action, string input) => _task.RunAsync(
        Assignments.Of(Resource(action, IntegrationPattern.RequestResponse), JsonValue.Parse(input)), default);
}
