using Lungfish.Deployment.Serverless;
using Lungfish.Json;
using Lungfish.Tests.Shared;

namespace Lungfish.Deployment.Tests;

/// <summary>A serverless.yml that was changed at random is read, or is refused in words that say where.</summary>
public sealed class ServerlessFuzzTests
{
    private const string Sample = """
        {"service": {"name": "demo"}, "frameworkVersion": "3", "plugins": ["serverless-step-functions"],
         "custom": {"a": "${opt:stage, 'dev'}", "b": ["${self:custom.a}", {"c": "${env:TEAM, self:custom.a}"}],
                    "memory": {"dev": 256}},
         "provider": {"name": "aws", "runtime": "python3.13", "stage": "${opt:stage, 'dev'}", "region": "eu-west-1",
           "timeout": 10, "environment": {"E": "${self:custom.b.1.c}", "M": {"Ref": "MainStepFunctionsStateMachine"}}},
         "package": {"patterns": ["!**/*.md", "src/**"], "exclude": ["x"]},
         "functions": {
           "hello": {"handler": "app.hello", "memorySize": "${self:custom.memory.${sls:stage}}",
             "durableConfig": {"executionTimeout": 60},
             "environment": {"X": {"Fn::GetAtt": ["HelloLambdaFunction", "Arn"]}}},
           "other": {"handler": "app.other", "name": "${self:service}-other", "package": {"include": ["lib/**"]}}},
         "stepFunctions": {"validate": true, "activities": ["${self:service}-wait"],
           "stateMachines": {
             "main": {"name": "main-${aws:accountId}", "useExactVersion": true,
               "events": [{"http": "GET start"}, {"http": {"path": "x", "method": "any"}}],
               "definition": {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": {"Fn::GetAtt": "hello.Arn"},
                 "Parameters": {"Arn": "#{AWS::AccountId}", "Sub": {"Fn::Sub": ["${x}", {"x": {"Ref": "other"}}]}},
                 "End": true}}}},
             "text": {"id": "T", "definition": "{\"StartAt\": \"${AWS::Region}\"}"}}}}
        """;

    private static readonly JsonValue s_sample = JsonValue.Parse(Sample);

    private static readonly string[] s_texts =
    [
        Sample,
        """
        service: demo
        custom: {x: &x "${self:provider.stage}", y: *x, z: "${self:custom.z}", w: "a${self:custom.${self:custom.v}}b"}
        provider: {name: aws, runtime: nodejs22.x, stage: dev}
        functions:
          hello: {handler: app.hello, environment: {A: "${env:NONE, 'x'}", B: "${opt:y, NaN}", C: !Ref hello}}
        stepFunctions:
          stateMachines:
            main: {definition: {StartAt: A, States: {A: {Type: Pass, Result: !Sub "${AWS::Region}", End: true}}}}
        """,
    ];

    [Fact]
    public void Read_ChangedService_IsReadOrRefused() => FuzzRun.Over(
        random => FuzzedFiles.Change(s_sample, random).ToText(), Check, weight: 10);

    [Fact]
    public void Read_ChangedText_IsReadOrRefused() => FuzzRun.Over(
        random => FuzzedFiles.Bytes(random, s_texts), Check, weight: 10);

    private static void Check(string text) => FuzzedFiles.ReadOrRefuse(
        () =>
        {
            _ = ServerlessReader.FindRegion("serverless.yml", text, Services.Options);
            return Services.Read(text);
        },
        text);
}
