namespace Lungfish.Deployment.Tests;

public sealed class TemplateReaderTests
{
    private const string Sam = """
        Transform: AWS::Serverless-2016-10-31
        Globals:
          Function:
            Runtime: nodejs22.x
            Timeout: 30
            Environment: {Variables: {TEAM: blue, LEVEL: info}}
        Resources:
          Orders:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: src/
              Handler: orders.handler
              AutoPublishAlias: live
              Policies: [AWSLambdaBasicDurableExecutionRolePolicy]
              Environment: {Variables: {LEVEL: debug}}
              DurableConfig: {ExecutionTimeout: 3600, RetentionPeriodInDays: 7}
          Flow:
            Type: AWS::Serverless::StateMachine
            Properties:
              Name: flow
              DefinitionUri: main.asl.json
              DefinitionSubstitutions: {First: !Ref Orders.Alias}
        Outputs:
          Alias: {Value: !Ref Orders.Alias}
          Version: {Value: !Ref Orders.Version}
        """;

    [Theory]
    [InlineData("!Ref Orders", "orders")]
    [InlineData("!GetAtt Orders.Arn", Templates.Arn + ":orders")]
    [InlineData("!Ref V1", Templates.Arn + ":orders:1")]
    [InlineData("!GetAtt V1.Version", "1")]
    [InlineData("!Ref Live", Templates.Arn + ":orders:live")]
    [InlineData("!GetAtt Role.Arn", "arn:aws:iam::000000000000:role/shop-Role")]
    [InlineData("!Sub '${AWS::StackName}:${Orders.Arn}:#{x}'", "shop:" + Templates.Arn + ":orders:#{x}")]
    [InlineData("!Select [1, !Split [',', 'a,b']]", "b")]
    [InlineData("!Join ['', [a, !Ref 'AWS::NoValue', b]]", "ab")]
    [InlineData("{'Fn::Base64': hi}", "aGk=")]
    public void Read_ReferenceInAnOutput_IsResolved(string expression, string expected) =>
        Assert.Equal(expected, Templates.ValueOf(expression));

    [Fact]
    public void Read_VersionThatIsPublished_IsItsQualifiedArn() => Assert.Equal(
        Templates.Arn + ":orders:7",
        Templates.ValueOf("!Ref V1", options: Templates.Published("orders", "7")));

    [Theory]
    [InlineData("prod", "many")]
    [InlineData("dev", "one")]
    public void Read_Condition_DecidesByTheParameter(string stage, string expected) => Assert.Equal(
        expected,
        Templates.ValueOf(
            "!If [IsProd, !FindInMap [Sizes, !Ref Stage, Count], one]",
            """
            Parameters:
              Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
            Mappings:
              Sizes: {prod: {Count: many}}
            Conditions:
              IsProd: !And [!Equals [!Ref Stage, prod], !Not [!Equals [!Ref Stage, '']]]
            """,
            Templates.Given("Stage", stage)));

    [Theory]
    [InlineData("Parameters: {P: {Type: String}}", "Parameters.P: the parameter has no value")]
    [InlineData("Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /db}}", "SSM parameter /db")]
    [InlineData("Rules: {R: {Assertions: [{Assert: !Equals [a, b], AssertDescription: No way.}]}}", "No way")]
    [InlineData("Rules: {R: {Assertions: [{Assert: !Equals [a, b], AssertDescription: ''}]}}", "the rule R does not")]
    [InlineData("Transform: AWS::LanguageExtensions", "AWS::LanguageExtensions is not read yet")]
    [InlineData("Conditions: {A: !Equals [a, b]}\nSurprise: 1", "Surprise: this key is not known")]
    public void Read_WhatCannotBe_IsRefusedByName(string head, string message)
    {
        var refusal = Assert.Throws<DeploymentException>(() => Templates.ValueOf("x", head));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Type: AWS::S3::Bucket", "AWS::S3::Bucket is not deployed yet")]
    [InlineData(
        "Type: AWS::Lambda::Version\n    Properties: {FunctionName: !Ref Nobody}", "nothing here is named Nobody")]
    [InlineData(
        "Type: AWS::Lambda::Function\n    Properties: {Runtime: a, Handler: b, Code: {ZipFile: c}, "
        + "DurableConfig: {ExecutionTimeout: 31622401}}",
        "31622401 is out of range")]
    [InlineData(
        "Type: AWS::Lambda::Function\n    Properties: {Runtime: a, Handler: b, Code: {ZipFile: c}, "
        + "DurableConfig: {RetentionPeriodInDays: 3}}",
        "DurableConfig.ExecutionTimeout: the key is missing")]
    [InlineData(
        "Type: AWS::Lambda::Function\n    Properties: {Runtime: a, Handler: b, Code: {ZipFile: c}, "
        + "CapacityProviderConfig: {Arn: d}}",
        "CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig: the key is missing")]
    [InlineData(
        "Type: AWS::Serverless::Function\n    Properties: {Runtime: a, Handler: b, InlineCode: c, "
        + "CapacityProviderConfig: {Arn: d, PerExecutionEnvironmentMaxConcurrency: 1601}}",
        "1601 is out of range")]
    [InlineData(
        "Type: AWS::Lambda::Function\n    Properties: {Runtime: a, Handler: b, Code: {S3Bucket: c, S3Key: d.zip}}",
        "no asset here has that key")]
    public void Read_ResourceThatCannotBe_IsRefusedByName(string resource, string message)
    {
        var refusal = Assert.Throws<DeploymentException>(() => Templates.Read($"Resources:\n  X:\n    {resource}\n"));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SamFunction_HasGlobalsAndPublishesToItsAlias()
    {
        var application = Templates.Read(Sam, Templates.Published("shop-Orders-AAAABBBBCCCC", "3"));

        var function = Assert.Single(application.Functions);
        Assert.Equal("shop-Orders-AAAABBBBCCCC", function.Name);
        Assert.Equal(TimeSpan.FromSeconds(30), function.Timeout);
        Assert.Equal(new DurableSettings(3600, 7), function.Durable);
        Assert.Equal(
            [KeyValuePair.Create("LEVEL", "debug"), KeyValuePair.Create("TEAM", "blue")], function.Environment);
        Assert.Equal(("src/", true), function.Code is FolderCode code ? (code.Folder, code.IsSource) : default);
        Assert.Equal(function.Name, Assert.Single(application.Versions).FunctionName);
        var alias = Assert.Single(application.Aliases);
        Assert.Equal(("live", "3"), (alias.Name, alias.Version));
        Assert.Equal([":live", ":3"], application.Outputs.Select(o => o.Value[o.Value.LastIndexOf(':')..]));
        Assert.Equal(
            $$$"""{"StartAt":"{{{Templates.Arn}}}:{{{function.Name}}}:live","States":{}}""",
            Assert.Single(application.StateMachines).Definition);
    }

    [Theory]
    [InlineData(
        "AWS::Lambda::Function",
        "Code: {ZipFile: c}",
        "{LambdaManagedInstancesCapacityProviderConfig: {CapacityProviderArn: !GetAtt Here.Arn, "
        + "PerExecutionEnvironmentMaxConcurrency: 64, ExecutionEnvironmentMemoryGiBPerVCpu: 4.0}}")]
    [InlineData(
        "AWS::Serverless::Function",
        "InlineCode: c",
        "{Arn: !GetAtt Here.Arn, PerExecutionEnvironmentMaxConcurrency: 64, ExecutionEnvironmentMemoryGiBPerVCpu: 4}")]
    public void Read_CapacityProvider_IsTheFunctions(string type, string code, string config)
    {
        var application = Templates.Read($$"""
            Resources:
              Here:
                Type: {{type.Replace("Function", "CapacityProvider", StringComparison.Ordinal)}}
                Properties: {CapacityProviderName: here}
              Orders:
                Type: {{type}}
                Properties: {Runtime: nodejs22.x, Handler: b, {{code}}, CapacityProviderConfig: {{config}}}
            """);

        Assert.Equal(
            new CapacitySettings("arn:aws:lambda:us-east-1:000000000000:capacity-provider:here", 64, 4),
            Assert.Single(application.Functions).Capacity);
    }

    [Fact]
    public void Read_AliasWithWeights_ReadsTheShares()
    {
        var application = Templates.Read("""
            Resources:
              Live:
                Type: AWS::Lambda::Alias
                Properties:
                  FunctionName: orders
                  FunctionVersion: "2"
                  Name: live
                  RoutingConfig: {AdditionalVersionWeights: [{FunctionVersion: "1", FunctionWeight: 0.25}]}
            """);

        var alias = Assert.Single(application.Aliases);
        Assert.Equal(KeyValuePair.Create("1", 0.25), Assert.Single(alias.Weights));
    }

    [Fact]
    public void Read_FunctionThatRefersToAVersion_StandsBehindItsFunction()
    {
        var application = Templates.Read("""
            Resources:
              Caller:
                Type: AWS::Lambda::Function
                Properties:
                  FunctionName: caller
                  Runtime: nodejs22.x
                  Handler: index.handler
                  Code: {ZipFile: ""}
                  Environment: {Variables: {TARGET: !Ref V1}}
              V1:
                Type: AWS::Lambda::Version
                Properties: {FunctionName: !Ref Target}
              Target:
                Type: AWS::Lambda::Function
                Properties: {FunctionName: target, Runtime: nodejs22.x, Handler: index.handler, Code: {ZipFile: ""}}
            """, Templates.Published("target", "4"));

        Assert.Equal(["target", "caller"], application.Functions.Select(f => f.Name));
        Assert.Equal(Templates.Arn + ":target:4", application.Functions[1].Environment["TARGET"]);
    }

    [Fact]
    public void Read_ResourcesThatReferToEachOther_AreRefused()
    {
        var refusal = Assert.Throws<DeploymentException>(() => Templates.Read("""
            Resources:
              A: {Type: AWS::IAM::Role, DependsOn: B}
              B: {Type: AWS::IAM::Role, DependsOn: [A]}
            """));

        Assert.Contains("A depends on itself", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DefinitionAsObject_TellsWhereItsStatesStand()
    {
        var application = Templates.Read("""
            Resources:
              Flow:
                Type: AWS::StepFunctions::StateMachine
                Properties:
                  RoleArn: any
                  Definition:
                    StartAt: A
                    States:
                      A: {Type: Succeed}
            """);

        Assert.Equal(9, Assert.Single(application.StateMachines).Locate("/States/A").Line);
    }
}
