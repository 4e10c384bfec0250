using Lungfish.Json;

namespace Lungfish.Deployment.Tests;

public sealed class VariableTests
{
    [Theory]
    [InlineData("${self:service}", "\"demo\"")]
    [InlineData("a-${opt:stage}-b", "\"a-dev-b\"")]
    [InlineData("${sls:stage}/${aws:region}/${aws:accountId}", "\"dev/us-east-1/000000000000\"")]
    [InlineData("${opt:missing, 'x, y'}", "\"x, y\"")]
    [InlineData("${opt:missing, self:custom.count}", "3")]
    [InlineData("${opt:missing, ${env:NOPE, ${self:custom.count}}}", "3")]
    [InlineData("${self:custom.${opt:stage}.url}", "\"u\"")]
    [InlineData("${self:custom.again}", "\"demo!\"")]
    [InlineData("${self:custom.list.1}", "20")]
    [InlineData("n${self:custom.count}", "\"n3\"")]
    [InlineData("${opt:missing, true}", "true")]
    [InlineData("${env:TEAM}", "\"blue\"")]
    [InlineData("${AWS::Region}", "\"us-east-1\"")]
    [InlineData("#{AWS::AccountId}", "\"000000000000\"")]
    [InlineData("${Name} $.a {b} ${", "\"${Name} $.a {b} ${\"")]
    public void Resolve_Variable_GivesItsValueAndType(string text, string expectedJson)
    {
        var service = Services.Read($$$"""
            service: demo
            custom:
              count: 3
              again: ${self:service}!
              list: [10, 20]
              dev: {url: u}
            provider: {name: aws}
            stepFunctions:
              stateMachines:
                main: {definition: {A: "{{{text}}}"}}
            """);

        var json = (JsonObject)JsonValue.Parse(service.StateMachines[0].Definition);
        Assert.Equal(JsonValue.Parse(expectedJson), json["A"]);
    }

    [Theory]
    [InlineData("${self:custom.a}", "${self:custom.b}", "refers to itself")]
    [InlineData("${self:service", "", "is not closed")]
    [InlineData("x${self:custom}", "", "stands inside text")]
    public void Resolve_Impossible_IsAProblemAtItsPlace(string a, string b, string expected)
    {
        var e = Assert.Throws<DeploymentException>(() => Services.Read($$$"""
            service: demo
            custom: {a: "{{{b}}}", b: "${self:custom.a}"}
            provider: {name: aws}
            stepFunctions:
              stateMachines:
                main: {definition: {A: "{{{a}}}"}}
            """));

        Assert.Contains(e.Problems, p => p.Message.Contains(expected, StringComparison.Ordinal));
    }
}
