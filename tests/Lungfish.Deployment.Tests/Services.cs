using Lungfish.Deployment.Serverless;

namespace Lungfish.Deployment.Tests;

/// <summary>Reads snippets of serverless.yml as a server in us-east-1 would.</summary>
internal static class Services
{
    /// <summary>A service that is complete but for what a test adds; its last line is line 6.</summary>
    public const string Head = """
        service: demo
        provider:
          name: aws
          runtime: python3.13
        functions:
          hello: {handler: app.hello}

        """;

    public static readonly ReadOptions Options = new()
    {
        AccountId = "000000000000",
        Environment = name => name == "TEAM" ? "blue" : null,
        GenerateName = id => $"{id}-AAAABBBBCCCC",
    };

    public static Application Read(string text) => ServerlessReader.Read("serverless.yml", text, Options);

    public static string DefinitionOf(string definition) => Read(Head + $$"""
        stepFunctions:
          stateMachines:
            main:
              definition:
                StartAt: A
                States:
                  A: {Type: Pass, Result: {{definition}}, End: true}
        """).StateMachines[0].Definition;
}
