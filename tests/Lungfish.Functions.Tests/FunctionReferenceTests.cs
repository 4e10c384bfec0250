using Lungfish.Engine;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Functions.Tests;

public sealed class FunctionReferenceTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:orders";

    [Theory]
    [InlineData("orders", null, Arn)]
    [InlineData("orders", "3", Arn + ":3")]
    [InlineData("orders:live", null, Arn + ":live")]
    [InlineData("orders:live", "live", Arn + ":live")]
    [InlineData("function:orders", null, Arn)]
    [InlineData("000000000000:function:orders:1", null, Arn + ":1")]
    [InlineData(Arn, null, Arn)]
    [InlineData(Arn + ":$LATEST", null, Arn + ":$LATEST")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:orders:1", null, Arn + ":1")]
    [InlineData("arn:aws-us-gov:lambda:us-east-1:000000000000:function:orders", null, Arn)]
    [InlineData(Arn + ":1", "1", Arn + ":1")]
    public void Parse_DocumentedForm_NamesTheFunction(string text, string? qualifier, string arn) =>
        Assert.Equal(arn, FunctionReference.Parse(text, qualifier, AwsAccount.Default).ToArn(AwsAccount.Default));

    [Theory]
    [InlineData("no name", null, "ValidationException")]
    [InlineData("", null, "ValidationException")]
    [InlineData("orders:1:2", null, "ValidationException")]
    [InlineData("orders:1", "2", "InvalidParameterValueException")]
    [InlineData(Arn + ":1", "2", "InvalidParameterValueException")]
    [InlineData(Arn + ":", null, "ValidationException")]
    [InlineData(Arn + ":1:2", null, "ValidationException")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:orders ", null, "ValidationException")]
    [InlineData("arn:aws-cn:lambda:eu-west-1:000000000000:function:orders", null, "ResourceNotFoundException")]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:orders", null, "ResourceNotFoundException")]
    [InlineData("arn:aws:lambda:eu-west-1:000000000000:function:orders", null, "ResourceNotFoundException")]
    [InlineData("111111111111:function:orders", null, "ResourceNotFoundException")]
    public void Parse_OtherText_IsRefused(string text, string? qualifier, string code) =>
        Assert.Equal(
            code,
            Assert.Throws<ApiException>(() => FunctionReference.Parse(text, qualifier, AwsAccount.Default)).Code);

    [Fact]
    public void Parse_TooLong_IsRefused() => Assert.Equal(
        "ValidationException",
        Assert.Throws<ApiException>(
            () => FunctionReference.Parse(new string('a', 257), null, AwsAccount.Default)).Code);
}
