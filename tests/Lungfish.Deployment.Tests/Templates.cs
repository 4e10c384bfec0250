using System.Collections.Immutable;
using Lungfish.Deployment.CloudFormation;

namespace Lungfish.Deployment.Tests;

/// <summary>Reads templates as a server in us-east-1 would.</summary>
internal static class Templates
{
    public const string Arn = "arn:aws:lambda:us-east-1:000000000000:function";

    public static readonly ReadOptions Options = new()
    {
        AccountId = "000000000000",
        Environment = _ => null,
        GenerateName = id => $"{id}-AAAABBBBCCCC",
    };

    public static Application Read(string text, ReadOptions? options = null) => TemplateReader.Read(
        new TemplateSource
        {
            FileName = "template.yaml",
            Text = text,
            StackName = "shop",
            ReadFile = path => path == "main.asl.json" ? """{"StartAt":"${First}","States":{}}""" : null,
        },
        options ?? Options);

    public static ReadOptions Published(string function, string version) =>
        Options with { PublishedVersion = name => name == function ? version : null };

    public static ReadOptions Given(string parameter, string value) =>
        Options with { Parameters = ImmutableDictionary<string, string>.Empty.Add(parameter, value) };

    /// <summary>The value of the output that the expression gives.</summary>
    public static string ValueOf(string expression, string more = "", ReadOptions? options = null) => Read($$$"""
        {{{more}}}
        Resources:
          Orders:
            Type: AWS::Lambda::Function
            Properties: {FunctionName: orders, Runtime: python3.14, Handler: index.handler, Code: {ZipFile: "x = 1"}}
          V1:
            Type: AWS::Lambda::Version
            Properties: {FunctionName: !Ref Orders}
          Live:
            Type: AWS::Lambda::Alias
            Properties: {FunctionName: !Ref Orders, FunctionVersion: !GetAtt V1.Version, Name: live}
          Role:
            Type: AWS::IAM::Role
        Outputs:
          Value: {Value: {{{expression}}}}
        """, options).Outputs[0].Value;
}
