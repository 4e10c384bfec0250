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
    public void Parse_DocumentedForm_NamesTheFunction(string text, string? qualifier, string arn) =>
        Assert.Equal(arn, FunctionReference.Parse(text, qualifier, AwsAccount.Default).ToArn(AwsAccount.Default));

    [Theory]
    [InlineData("no name", null, "ValidationException")]
    [InlineData("", null, "ValidationException")]
    [InlineData("orders:1:2", null, "ValidationException")]
    [InlineData("orders:1", "2", "InvalidParameterValueException")]
    [InlineData("arn:aws:lambda:eu-west-1:000000000000:function:orders", null, "ResourceNotFoundException")]
    [InlineData("111111111111:function:orders", null, "ResourceNotFoundException")]
    public void Parse_OtherText_IsRefused(string text, string? qualifier, string code) =>
        Assert.Equal(
            code,
            Assert.Throws<ApiException>(() => FunctionReference.Parse(text, qualifier, AwsAccount.Default)).Code);
}
