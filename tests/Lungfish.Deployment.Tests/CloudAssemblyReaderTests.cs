using Lungfish.Deployment.CloudFormation;
using Lungfish.Json;

namespace Lungfish.Deployment.Tests;

/// <summary>Assemblies in the shape that <c>cdk synth</c> writes.</summary>
public sealed class CloudAssemblyReaderTests
{
    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["cdk.out/manifest.json"] = """
            {"version": "50.0.0", "artifacts": {
              "Flow": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1",
                "properties": {"templateFile": "Flow.template.json"}, "dependencies": ["Base", "Flow.assets"]},
              "Flow.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Flow.assets.json"}},
              "Base": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
                "properties": {"templateFile": "Base.template.json", "stackName": "base"}},
              "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}}
            """,
        ["cdk.out/Base.template.json"] = """
            {"Resources": {}, "Outputs": {"Out": {"Value": "shared", "Export": {"Name": "base:Out"}}}}
            """,
        ["cdk.out/Flow.assets.json"] = """
            {"version": "50.0.0", "files": {"abc": {"source": {"path": "asset.abc", "packaging": "zip"},
              "destinations": {"current": {"bucketName": "cdk-assets-${AWS::AccountId}", "objectKey": "abc.zip"}}}}}
            """,
        ["cdk.out/Flow.template.json"] = """
            {"Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>",
               "Default": "/cdk-bootstrap/hnb659fds/version"}},
             "Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [{"Fn::Contains":
               [["1", "2", "3", "4", "5"], {"Ref": "BootstrapVersion"}]}]}, "AssertDescription": "too old"}]}},
             "Resources": {
               "Fn": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "steps",
                 "Runtime": "python3.14", "Handler": "app.handler", "Architectures": ["arm64"], "Timeout": 900,
                 "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Environment": {"Variables": {"SHARED":
                   {"Fn::ImportValue": "base:Out"}}}, "DurableConfig": {"ExecutionTimeout": 3600},
                 "Code": {"S3Bucket": {"Fn::Sub": "cdk-assets-${AWS::AccountId}"}, "S3Key": "abc.zip"}}},
               "FnVersion1a2b": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Fn"}},
                 "Metadata": {"aws:cdk:path": "Flow/Fn/CurrentVersion"}},
               "Role": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [
                 "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicDurableExecutionRolePolicy"]}},
               "Machine": {"Type": "AWS::StepFunctions::StateMachine", "DependsOn": ["Role"], "Properties": {
                 "StateMachineName": "flow", "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                 "DefinitionString": {"Fn::Join": ["", ["{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"A\",\"States\":",
                   "{\"A\":{\"Type\":\"Task\",\"End\":true,\"Resource\":\"arn:", {"Ref": "AWS::Partition"},
                   ":states:::lambda:invoke\",\"Arguments\":{\"FunctionName\":\"", {"Ref": "FnVersion1a2b"},
                   "\"}}}}"]]}}, "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"},
               "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2:deflate64:x"}}},
             "Outputs": {"Name": {"Description": "d", "Value": {"Ref": "Fn"}, "Export": {"Name": "Flow-Name"}}}}
            """,
    };

    private static readonly ReadOptions Options = Templates.Published("steps", "2");

    [Fact]
    public void Read_AsSynthesised_HasEverythingOfItsStacks()
    {
        var application = CloudAssemblyReader.Read("cdk.out", Files.GetValueOrDefault, Options);

        var function = Assert.Single(application.Functions);
        Assert.Equal(new DurableSettings(3600, DurableSettings.RetentionDaysDefault), function.Durable);
        Assert.Equal("shared", function.Environment["SHARED"]);
        Assert.Equal(
            (Path.Combine("cdk.out", "asset.abc"), false),
            function.Code is FolderCode code ? (code.Folder, code.IsSource) : default);
        Assert.Equal("steps", Assert.Single(application.Versions).FunctionName);
        Assert.Equal([("base", "Out"), ("Flow", "Name")], application.Outputs.Select(o => (o.Stack, o.Name)));
    }

    [Fact]
    public void Read_KeysThatChangeNothing_AreToldByTypeOnce()
    {
        var application = CloudAssemblyReader.Read("cdk.out", Files.GetValueOrDefault, Options);

        Assert.Equal(
            [
                "AWS::CDK::Metadata", "AWS::IAM::Role", "AWS::Lambda::Function.Architectures",
                "AWS::Lambda::Function.Code.S3Bucket", "AWS::Lambda::Function.Role",
                "AWS::StepFunctions::StateMachine.RoleArn",
            ],
            application.AcceptedOnly.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_DefinitionThatJoins_NamesTheVersionThatIsPublished()
    {
        var application = CloudAssemblyReader.Read("cdk.out", Files.GetValueOrDefault, Options);

        var definition = JsonValue.Parse(Assert.Single(application.StateMachines).Definition).ToText();
        Assert.Contains($"{Templates.Arn}:steps:2", definition, StringComparison.Ordinal);
        Assert.Contains("arn:aws:states:::lambda:invoke", definition, StringComparison.Ordinal);
    }

    [Fact]
    public void FindPlace_StackOfAKnownPlace_IsTold() =>
        Assert.Equal(("111122223333", "eu-west-1"), CloudAssemblyReader.FindPlace("cdk.out", Files.GetValueOrDefault));

    [Fact]
    public void Read_NoManifest_IsRefused()
    {
        var refusal = Assert.Throws<DeploymentException>(() => CloudAssemblyReader.Read("", _ => null, Options));

        Assert.Contains("cdk synth", refusal.Message, StringComparison.Ordinal);
    }
}
