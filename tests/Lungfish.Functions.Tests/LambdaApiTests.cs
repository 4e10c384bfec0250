namespace Lungfish.Functions.Tests;

/// <summary>The Lambda API as boto3 sees it, waiters, paginators and error classes included.</summary>
public sealed class LambdaApiTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:";

    [Fact]
    public async Task Boto3_LifeOfAFunction_IsAnsweredAsByAws()
    {
        var seen = await LambdaClient.RunAsync("lambda_client.py");

        Assert.Equal($"""[201,"{Arn}orders","$LATEST","Active",{"{\"CD\":\"e\"}"},20]""", seen["created"]);
        Assert.Equal("""["ResourceConflictException",409,"Function already exist: orders"]""", seen["again"]);
        Assert.StartsWith(
            """["ValidationException",400,"1 validation error detected: Value 'nobody' at 'role' failed to satisfy""",
            seen["role"],
            StringComparison.Ordinal);
        Assert.Contains("Reserved keys used in this request: AWS_REGION", seen["reserved"], StringComparison.Ordinal);
        Assert.Equal(NotFound("nobody"), seen["unknown"]);
        Assert.Equal(NotFound("nobody:$LATEST"), seen["unknown invoke"]);
        Assert.Equal("""["InvalidRequestContentException",400]""", seen["not json"]);
        Assert.Equal("""["RequestTooLargeException",413]""", seen["too large"]);
        Assert.Equal(
            """["UnknownOperationException",404,"Lungfish does not have GetAccountSettings yet."]""",
            seen["missing operation"]);
        Assert.Equal("""[200,"$LATEST",{"v":1,"ctx":{"k":"\u00e9"}},"START"]""", seen["invoked"]);
        Assert.Equal("202", seen["event"]);
        Assert.Equal("204", seen["dry run"]);
        Assert.Equal("""["PreconditionFailedException",412]""", seen["revision"]);
        Assert.Equal($"""["{Arn}orders:1","1","2",["$LATEST","1","2"]]""", seen["versions"]);
        Assert.Equal("""["1",1,null]""", seen["old"]);
        Assert.Equal("""["2","KeyError","Unhandled"]""", seen["new"]);
        Assert.Equal($"""["{Arn}orders:1",128,{"{\"team\":\"x\"}"}]""", seen["got"]);
        Assert.Equal("""["handler.py"]""", seen["package"]);
        Assert.Equal("256", seen["configuration"]);
        Assert.Equal("""[["f0","f1"],["f2","orders"]]""", seen["pages"]);
        Assert.Equal($"""["{Arn}orders"]""", seen["listed"]);
        Assert.Equal(
            $"""["{Arn}orders:$LATEST","{Arn}orders:1","{Arn}orders:2"]""", seen["listed versions"]);
        Assert.Equal(NotFound("orders:1"), seen["deleted version"]);
        Assert.Equal(NotFound("orders"), seen["deleted"]);
    }

    private static string NotFound(string function) =>
        $"""["ResourceNotFoundException",404,"Function not found: {Arn}{function}"]""";
}
