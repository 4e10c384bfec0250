namespace Lungfish.Functions.Tests;

/// <summary>Aliases, tags, durable and tenant settings as boto3 sees them.</summary>
public sealed class AliasApiTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:";

    [Fact]
    public async Task Boto3_AliasesAndSettings_AreAnsweredAsByAws()
    {
        var seen = await LambdaClient.RunAsync("lambda_aliases.py");

        Assert.Equal(
            $$"""{"AliasArn":"{{Arn}}orders:live","Name":"live","FunctionVersion":"1","Description":"first"}""",
            seen["created"]);
        Assert.Equal(
            $"""["ResourceConflictException",409,"Alias already exists: {Arn}orders:live"]""", seen["again"]);
        Assert.Equal("""["ValidationException",400]""", seen["number"]);
        Assert.Equal(
            $"""["ResourceNotFoundException",404,"Function not found: {Arn}orders:9"]""", seen["no version"]);
        Assert.Equal(
            $"""["ResourceNotFoundException",404,"Cannot find alias arn: {Arn}orders:nobody"]""", seen["unknown"]);
        Assert.Equal($"""["1",["1","{Arn}orders:live",null]]""", seen["invoked"]);
        Assert.Equal($"""["{Arn}orders:live","1"]""", seen["configuration"]);

        Assert.Contains(
            "\"FunctionVersion\":\"2\",\"Description\":\"first\"", seen["updated"], StringComparison.Ordinal);
        Assert.EndsWith(
            "\"RoutingConfig\":{\"AdditionalVersionWeights\":{\"1\":1.0}}}",
            seen["updated"],
            StringComparison.Ordinal);
        Assert.Equal("""["PreconditionFailedException",412]""", seen["stale"]);
        Assert.Equal("\"1\"", seen["routed"]);
        Assert.Contains("cannot be greater than 1", seen["two routes"], StringComparison.Ordinal);
        Assert.Contains("Invalid function version 2.", seen["same route"], StringComparison.Ordinal);
        Assert.Contains("$LATEST is not supported", seen["latest route"], StringComparison.Ordinal);
        Assert.Equal("""["ValidationException",400]""", seen["heavy route"]);
        Assert.Equal("""["dev","live"]""", seen["listed"]);
        Assert.Equal("""["live"]""", seen["listed of 1"]);
        Assert.Equal("""["ResourceConflictException",409]""", seen["version in use"]);
        Assert.DoesNotContain("RoutingConfig", seen["unrouted"], StringComparison.Ordinal);
        Assert.Equal("""["live"]""", seen["left"]);
        Assert.Equal("""{"b":"2"}""", seen["tags"]);

        Assert.Equal("""{"RetentionPeriodInDays":14,"ExecutionTimeout":60}""", seen["durable"]);
        Assert.Contains("'durableConfig.executionTimeout'", seen["no timeout"], StringComparison.Ordinal);
        Assert.Contains("2 validation errors detected", seen["durable limits"], StringComparison.Ordinal);
        Assert.Equal("""{"RetentionPeriodInDays":3,"ExecutionTimeout":60}""", seen["durable changed"]);
        Assert.Equal("""{"RetentionPeriodInDays":14,"ExecutionTimeout":60}""", seen["durable version"]);
        Assert.Equal("""["InvalidParameterValueException",400]""", seen["durable added"]);

        Assert.Contains("Add a valid tenant ID", seen["no tenant"], StringComparison.Ordinal);
        Assert.Equal("\"blue\"", seen["tenant"]);
        Assert.Equal("""["InvalidParameterValueException",400]""", seen["surplus tenant"]);
    }
}
