using Lungfish.Json;

namespace Lungfish.Deployment.Tests;

public sealed class IntrinsicTests
{
    private const string Hello = "arn:aws:lambda:us-east-1:000000000000:function:demo-dev-hello";
    private const string Main =
        "arn:aws:states:us-east-1:000000000000:stateMachine:MainStepFunctionsStateMachine-AAAABBBBCCCC";

    [Theory]
    [InlineData("{'Fn::GetAtt': [hello, Arn]}", Hello)]
    [InlineData("!GetAtt hello.Arn", Hello)]
    [InlineData("!GetAtt HelloLambdaFunction.Arn", Hello)]
    [InlineData("{Ref: HelloLambdaFunction}", Hello)]
    [InlineData("!Ref MainStepFunctionsStateMachine", Main)]
    [InlineData("!Sub '${HelloLambdaFunction.Arn}:1'", Hello + ":1")]
    [InlineData("!Sub ['${what}-${AWS::Region}', {what: !Ref 'AWS::AccountId'}]", "000000000000-us-east-1")]
    [InlineData("!Sub 'a ${!Literal} b'", "a ${Literal} b")]
    [InlineData("!Join [':', [arn, !Ref 'AWS::Partition', '3']]", "arn:aws:3")]
    [InlineData("'#{HelloLambdaFunction.Arn}'", Hello)]
    [InlineData("'arn:${AWS::Partition}:x'", "arn:aws:x")]
    public void ToJson_Intrinsic_IsCarriedOut(string yaml, string expected)
    {
        var definition = (JsonObject)JsonValue.Parse(Services.DefinitionOf(yaml));

        var states = (JsonObject?)definition["States"];
        Assert.Equal(new JsonString(expected), ((JsonObject?)states?["A"])?["Result"]);
    }

    [Theory]
    [InlineData("12", "12")]
    [InlineData("1.50", "1.50")]
    [InlineData("'12'", "\"12\"")]
    [InlineData("~", "null")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("True", "true")]
    [InlineData("0x1F", "31")]
    [InlineData("1e3", "1e3")]
    [InlineData("2019-06-20", "\"2019-06-20\"")]
    [InlineData("[a, {b: 1}]", "[\"a\",{\"b\":1}]")]
    public void ToJson_YamlScalar_HasTheTypeOfTheCoreSchema(string yaml, string expectedJson)
    {
        var definition = (JsonObject)JsonValue.Parse(Services.DefinitionOf(yaml));

        var states = (JsonObject?)definition["States"];
        Assert.Equal(expectedJson, ((JsonObject?)states?["A"])?["Result"]?.ToText());
    }
}
