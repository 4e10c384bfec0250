using Lungfish.Deployment.CloudFormation;
using Lungfish.Json;
using Lungfish.Tests.Shared;

namespace Lungfish.Deployment.Tests;

/// <summary>A template that was changed at random is read, or is refused in words that say where.</summary>
public sealed class TemplateFuzzTests
{
    private const string Sample = """
        {"AWSTemplateFormatVersion": "2010-09-09", "Transform": "AWS::Serverless-2016-10-31",
         "Parameters": {"A": {"Type": "String", "Default": "a", "AllowedValues": ["a", "b"]},
                        "B": {"Type": "CommaDelimitedList", "Default": "x,y"}},
         "Mappings": {"M": {"us-east-1": {"n": "5", "l": ["p", "q"]}}},
         "Conditions": {"C": {"Fn::Equals": [{"Ref": "A"}, "a"]}, "D": {"Fn::Not": [{"Condition": "C"}]},
                        "E": {"Fn::And": [{"Condition": "C"}, {"Fn::Or": [{"Condition": "D"}, {"Condition": "C"}]}]}},
         "Rules": {"R": {"RuleCondition": {"Fn::Equals": [{"Ref": "A"}, "b"]},
                         "Assertions": [{"AssertDescription": "n",
                           "Assert": {"Fn::Contains": [["a"], {"Ref": "A"}]}}]}},
         "Globals": {"Function": {"Runtime": "python3.13", "Timeout": 5, "Environment": {"Variables": {"G": "g"}}}},
         "Resources": {
           "Role": {"Type": "AWS::IAM::Role", "Condition": "C", "Properties": {"RoleName": {"Fn::Sub": "${A}-role"}}},
           "Orders": {"Type": "AWS::Lambda::Function", "DependsOn": ["Role"], "Properties": {
             "FunctionName": {"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "orders"]]}, "Runtime": "python3.14",
             "Handler": "index.handler", "Timeout": 900, "Code": {"ZipFile": "x = 1"},
             "Environment": {"Variables": {"R": {"Fn::GetAtt": ["Role", "Arn"]}, "S": {"Fn::Sub": ["${v}", {"v": 1}]}}},
             "DurableConfig": {"ExecutionTimeout": 60, "RetentionPeriodInDays": 3}}},
           "Sam": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "a.b", "CodeUri": "src/",
             "AutoPublishAlias": "live", "CapacityProviderConfig": {"Arn": "arn:x"}}},
           "V": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Orders"}}},
           "L": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "Orders"}, "Name": "live",
             "FunctionVersion": {"Fn::GetAtt": "V.Version"}, "RoutingConfig": {"AdditionalVersionWeights":
               [{"FunctionVersion": "1", "FunctionWeight": 0.25}]}}},
           "Main": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"StateMachineName": "main",
             "DefinitionString": "{\"StartAt\":\"${S}\"}", "DefinitionSubstitutions": {"S": {"Ref": "Orders"}}}},
           "Other": {"Type": "AWS::Serverless::StateMachine", "Properties": {"Definition": {"StartAt": "A",
             "States": {"A": {"Type": "Task", "Resource": {"Fn::GetAtt": ["Sam", "Alias"]}, "End": true}}}}},
           "File": {"Type": "AWS::Serverless::StateMachine", "Properties": {"DefinitionUri": "main.asl.json",
             "DefinitionSubstitutions": {"First": {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "n"]}}}},
           "Act": {"Type": "AWS::StepFunctions::Activity", "Properties": {"Name": {"Fn::If": ["C", "x", "y"]}}}},
         "Outputs": {"O": {"Value": {"Fn::Select": [1, {"Fn::Split": [",", {"Fn::Join": [",", {"Ref": "B"}]}]}]},
                           "Export": {"Name": "out"}},
                     "P": {"Condition": "E", "Value": {"Fn::Base64": {"Fn::ImportValue": "in"}}}}}
        """;

    private static readonly JsonValue s_sample = JsonValue.Parse(Sample);

    private static readonly string[] s_texts =
    [
        Sample,
        """
        Resources:
          Orders:
            Type: AWS::Lambda::Function
            Properties: {FunctionName: !Sub '${AWS::StackName}-${A.B}', Runtime: !Ref R, Handler: !If [C, a, b],
              Code: {ZipFile: !Join ["\n", [a, !GetAtt X.Y, !Select [0, !Split [",", !ImportValue z]]]]}}
          Main:
            Type: AWS::StepFunctions::StateMachine
            Properties:
              DefinitionString: !Sub
                - '{"StartAt": "${S}"}'
                - {S: !FindInMap [M, !Ref AWS::Region, n]}
        Outputs: {O: {Value: !Base64 {Ref: Main}}}
        """,
    ];

    private static readonly JsonValue s_manifest = JsonValue.Parse("""
        {"version": "36.0.0", "artifacts": {
          "assets": {"type": "cdk:asset-manifest", "properties": {"file": "assets.json"}},
          "Stack": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/eu-west-1",
            "properties": {"templateFile": "template.json", "stackName": "shop"}, "dependencies": ["assets"]},
          "Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "stage"},
            "dependencies": ["Stack"]}}}
        """);

    private static readonly JsonValue s_assets = JsonValue.Parse("""
        {"files": {"h": {"source": {"path": "asset.h", "packaging": "zip"},
          "destinations": {"d": {"bucketName": "b", "objectKey": "h.zip"}}}}}
        """);

    [Fact]
    public void Read_ChangedTemplate_IsReadOrRefused() => FuzzRun.Over(
        random => FuzzedFiles.Change(s_sample, random).ToText(),
        text => FuzzedFiles.ReadOrRefuse(() => Templates.Read(text), text),
        weight: 10);

    [Fact]
    public void Read_ChangedText_IsReadOrRefused() => FuzzRun.Over(
        random => FuzzedFiles.Bytes(random, s_texts),
        text => FuzzedFiles.ReadOrRefuse(() => Templates.Read(text), text),
        weight: 10);

    [Fact]
    public void Read_ChangedAssembly_IsReadOrRefused() => FuzzRun.Over(
        random => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["manifest.json"] = FuzzedFiles.Change(s_manifest, random).ToText(),
            ["stage/manifest.json"] = FuzzedFiles.Change(s_manifest, random).ToText(),
            ["assets.json"] = random.Next(2) == 0 ? FuzzedFiles.Bytes(random, [s_assets.ToText()]) : s_assets.ToText(),
            ["template.json"] =
                random.Next(4) == 0 ? FuzzedFiles.Change(s_sample, random).ToText() : """{"Outputs":{}}""",
        },
        files => FuzzedFiles.ReadOrRefuse(
            () =>
            {
                _ = CloudAssemblyReader.FindPlace("", files.GetValueOrDefault);
                return CloudAssemblyReader.Read("", files.GetValueOrDefault, Templates.Options);
            },
            string.Concat(files.Values)),
        weight: 10);
}
