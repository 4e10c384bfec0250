using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Packaging;
using Lungfish.Deployment.Serverless;
using Lungfish.Json;

namespace Lungfish.Deployment.Tests;

public sealed class ServerlessReaderTests
{
    /// <summary>Everything that application B of the project's list relies on, in words of our own.</summary>
    private const string CallbackService = """
        service: paper-mill

        plugins:
          - serverless-pseudo-parameters
          - serverless-step-functions

        provider:
          name: aws
          runtime: python3.7
          logRetentionInDays: 7
          iamRoleStatements:
            - Effect: Allow
              Action:
              - states:SendTaskSuccess
              Resource:
              - "arn:aws:states:#{AWS::Region}:#{AWS::AccountId}:states:SendTaskSuccess"
              - Ref: PressStepFunctionsStateMachine

        custom: {prefix: "${self:service}-${opt:stage}"}
        package:
          include:
          - press.py
          exclude:
          - "*~"
          - .venv/**

        functions:
          Cut:
            handler: press.cut
          PressSheets:
            handler: press.press_sheets

        stepFunctions:
          stateMachines:
            Press:
              events:
                - http:
                    path: start
                    method: GET
              definition:
                StartAt: Cut
                States:
                  Cut:
                    Type: Task
                    Resource: "arn:aws:lambda:#{AWS::Region}:#{AWS::AccountId}:function:${self:custom.prefix}-Cut"
                    Next: Wait
                  Wait:
                    Type: Task
                    Resource: arn:aws:states:::lambda:invoke.waitForTaskToken # a comment
                    Parameters:
                      FunctionName: ${self:service}-${opt:stage}-PressSheets
                      Payload:
                        taskToken.$: $$.Task.Token
                    Next: Done
                  Done:
                    Type: Succeed
        """;

    [Fact]
    public void Read_CallbackService_NamesFunctionsByServiceStageAndKey()
    {
        var service = Services.Read(CallbackService);

        Assert.Equal(["paper-mill-dev-Cut", "paper-mill-dev-PressSheets"], service.Functions.Select(f => f.Name));
        Assert.Equal(["python3.7", "python3.7"], service.Functions.Select(f => f.Runtime));
        Assert.Equal("press.press_sheets", service.Functions[1].Handler);
    }

    [Fact]
    public void Read_CallbackService_GivesFunctionsTheFrameworksDefaults()
    {
        var function = Services.Read(CallbackService).Functions[0];

        Assert.Equal(TimeSpan.FromSeconds(6), function.Timeout);
        Assert.Equal(1024, function.MemoryMegabytes);
    }

    [Fact]
    public void Read_CallbackService_ResolvesVariablesAndPseudoParametersInTheDefinition()
    {
        var definition = JsonValue.Parse(Services.Read(CallbackService).StateMachines[0].Definition);

        Assert.Equal(
            JsonValue.Parse("""
                {"StartAt": "Cut", "States": {
                  "Cut": {"Type": "Task",
                    "Resource": "arn:aws:lambda:us-east-1:000000000000:function:paper-mill-dev-Cut", "Next": "Wait"},
                  "Wait": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                    "Parameters": {"FunctionName": "paper-mill-dev-PressSheets",
                      "Payload": {"taskToken.$": "$$.Task.Token"}}, "Next": "Done"},
                  "Done": {"Type": "Succeed"}}}
                """),
            definition);
    }

    [Fact]
    public void Read_MachineWithoutName_AsksForOneByItsLogicalId()
    {
        Assert.Equal(
            "PressStepFunctionsStateMachine-AAAABBBBCCCC", Services.Read(CallbackService).StateMachines[0].Name);
    }

    [Fact]
    public void Read_HttpEvent_PutsTheStageInFrontOfThePath()
    {
        var route = Assert.Single(Services.Read(CallbackService).HttpEvents);

        Assert.Equal(("GET", "/dev/start"), (route.Method, route.Path));
        Assert.Equal("PressStepFunctionsStateMachine-AAAABBBBCCCC", route.StateMachineName);
    }

    [Fact]
    public void Read_KeysThatChangeNothing_AreListed()
    {
        Assert.Equal(
            ["provider.iamRoleStatements", "provider.logRetentionInDays"],
            Services.Read(CallbackService).AcceptedOnly.Order());
    }

    [Fact]
    public void Read_Package_ExcludesAndTakesBack()
    {
        var code = Assert.IsType<FolderCode>(Services.Read(CallbackService).Functions[0].Code);
        var belongs = code.Patterns.Compile();

        Assert.True(belongs("press.py"));
        Assert.True(belongs("more/press.py"));
        Assert.False(belongs("press.py~"));
        Assert.False(belongs(".venv/lib/a.py"));
        Assert.False(belongs("serverless.yml"));
    }

    [Fact]
    public void Read_StageOption_WinsOverTheProviders()
    {
        var options = Services.Options with { Stage = "prod" };
        var text = Services.Head.Replace("runtime:", "stage: test\n  runtime:", StringComparison.Ordinal);

        Assert.Equal(
            "demo-prod-hello", ServerlessReader.Read("serverless.yml", text, options).Functions[0].Name);
        Assert.Equal("demo-test-hello", Services.Read(text).Functions[0].Name);
    }

    [Fact]
    public void Locate_PointerIntoTheDefinition_TellsTheLineInTheFile()
    {
        var machine = Services.Read(CallbackService).StateMachines[0];

        Assert.Equal(47, machine.Locate("/States/Wait").Line);
        Assert.Equal(49, machine.Locate("/States/Wait/Resource").Line);
        Assert.Equal(49, machine.Locate("/States/Wait/Resource/Deeper[3]").Line);
    }

    /// <summary>Line, column and key of what cannot be deployed.</summary>
    [Theory]
    [InlineData("resources: {}", 7, 1, "resources")]
    [InlineData("functoins: {}", 7, 1, "functoins")]
    [InlineData("stepFunctions: {stateMachines: {m: {}}}", 7, 33, "stepFunctions.stateMachines.m.definition")]
    [InlineData("stepFunctions: {stateMachines: {m: {definition: {}, type: EXPRESS}}}",
        7, 36, "stepFunctions.stateMachines.m.type")]
    [InlineData("stepFunctions: {stateMachines: {m: {definition: {}, events: [{schedule: rate(1 day)}]}}}",
        7, 63, "stepFunctions.stateMachines.m.events[0].schedule")]
    [InlineData("stepFunctions: {stateMachines: {m: {definition: {A: {Ref: Nobody}}}}}",
        7, 59, "stepFunctions.stateMachines.m.definition.A.Ref")]
    [InlineData("stepFunctions: {stateMachines: {m: {definition: {A: !Cidr [0, [a]]}}}}",
        7, 53, "stepFunctions.stateMachines.m.definition.A")]
    [InlineData("stepFunctions: {stateMachines: {m: {definition: {A: \"${ssm:/x}\"}}}}",
        7, 53, "stepFunctions.stateMachines.m.definition.A")]
    [InlineData("stepFunctions: {stateMachines: {m: {definition: {A: \"${env:NOPE}\"}}}}",
        7, 53, "stepFunctions.stateMachines.m.definition.A")]
    [InlineData("plugins: [serverless-webpack]", 7, 11, "plugins")]
    public void Read_WhatIsNotRead_IsRefusedWithPlaceAndKey(string addition, int line, int column, string key)
    {
        var problem = Assert.Single(
            Assert.Throws<DeploymentException>(() => Services.Read(Services.Head + addition)).Problems);

        Assert.Equal((new Mark(line, column), key), (problem.Mark, problem.Key));
    }

    [Fact]
    public void Read_ManyProblems_TellsThemAllInOrder()
    {
        var e = Assert.Throws<DeploymentException>(() => Services.Read("""
            service: demo
            provider:
              name: aws
              runtim: python3.13
            functions:
              hello: {handler: app.hello, runtime: python3.13, timeout: 901}
            """));

        Assert.Equal(
            "serverless.yml:4:3: provider.runtim: this key is not known. Did you mean runtime?\n"
            + "serverless.yml:6:61: functions.hello.timeout: 901 is out of range. Give 1 to 900.",
            e.Message);
    }

    [Fact]
    public void Read_FunctionEnvironment_MayReferToAStateMachine()
    {
        var service = Services.Read("""
            service: demo
            provider: {name: aws, runtime: nodejs22.x, environment: {TEAM: "${env:TEAM}", LEVEL: 3}}
            functions:
              hello: {handler: app.hello, environment: {LEVEL: 4, MACHINE: {Ref: MainStepFunctionsStateMachine}}}
            stepFunctions:
              stateMachines:
                main: {definition: {StartAt: A}}
            """);

        Assert.Equal(
            [
                ("LEVEL", "4"),
                (
                    "MACHINE",
                    "arn:aws:states:us-east-1:000000000000:stateMachine:MainStepFunctionsStateMachine-AAAABBBBCCCC"),
                ("TEAM", "blue"),
            ],
            service.Functions[0].Environment.Select(v => (v.Key, v.Value)));
    }

    [Fact]
    public void Read_RepeatedKey_IsRefused()
    {
        var problem = Assert.Single(
            Assert.Throws<DeploymentException>(() => Services.Read("service: a\nservice: b\n")).Problems);

        Assert.Equal(2, problem.Mark.Line);
        Assert.Contains("service", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_SameFiles_GivesTheSameBytes()
    {
        var folder = Directory.CreateTempSubdirectory("lungfish-pack");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "b.py"), "b");
            File.WriteAllText(Path.Combine(folder.FullName, "a.py"), "a");
            var first = CodeArchive.Pack(folder.FullName, PackagePatterns.Everything);
            File.SetLastWriteTimeUtc(
                Path.Combine(folder.FullName, "a.py"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));

            Assert.Equal(first, CodeArchive.Pack(folder.FullName, PackagePatterns.Everything));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Read_DurableFunction_IsDurableAndPublished()
    {
        var application = Services.Read(Services.Head.Replace(
            "{handler: app.hello}",
            "{handler: app.hello, durableConfig: {executionTimeout: 60, retentionPeriodInDays: 1}}",
            StringComparison.Ordinal));

        Assert.Equal(new DurableSettings(60, 1), application.Functions[0].Durable);
        Assert.Equal("demo-dev-hello", Assert.Single(application.Versions).FunctionName);
    }

    [Fact]
    public void Read_MachineThatUsesExactVersions_CallsTheVersion()
    {
        var application = Services.Read(Services.Head + """
            stepFunctions:
              stateMachines:
                main:
                  useExactVersion: true
                  definition:
                    StartAt: A
                    States:
                      A: {Type: Task, Resource: !GetAtt hello.Arn, End: true}
            """);

        Assert.Contains(
            "arn:aws:lambda:us-east-1:000000000000:function:demo-dev-hello:1",
            application.StateMachines[0].Definition,
            StringComparison.Ordinal);
        Assert.Single(application.Versions);
    }
}
