using Lungfish.Json;
using Lungfish.States.Model;
using Lungfish.States.Testing;

namespace Lungfish.Integrations.ApiShapes;

/// <summary>Checks mocked results of service integrations against what the services answer.</summary>
/// <remarks>A service or an operation that the table does not have is not checked.</remarks>
public sealed class MockedAnswers : IAnswerSchemas
{
    public string? WhyNot(ServiceIntegration integration, JsonValue answer, bool requireAll)
    {
        if (OperationOf(integration) is not { } operation
            || ServiceShapes.Find(operation.Service) is not { } shapes
            || shapes.FindAnswer(operation.Action) is not ObjectShape shape)
        {
            return null;
        }

        // The words are those that AWS has for a Map's mock.
        return answer is not JsonObject members
            ? "Mocked result must be a JSON object."
            : new AnswerCheck(shapes, requireAll).WhyNot(members, shape, operation.AnyMembers) is { } why
                ? $"Mock result schema validation error: {why}"
                : null;
    }

    /// <summary>The operation whose answer is the task's result; null if no operation's answer is.</summary>
    private static Operation? OperationOf(ServiceIntegration integration) => integration.Pattern switch
    {
        // The result is what SendTaskSuccess brings.
        IntegrationPattern.WaitForTaskToken => null,
        IntegrationPattern.Sync or IntegrationPattern.Sync2 => PollingOperationOf(integration),
        _ when integration.Service.StartsWith("aws-sdk:", StringComparison.Ordinal) =>
            new Operation(integration.Service["aws-sdk:".Length..], integration.Action),
        _ => (integration.Service, integration.Action) switch
        {
            // The integration parses what the function and the model answer.
            ("lambda", "invoke") => new Operation("lambda", "invoke", "Payload"),
            ("bedrock", "invokeModel") => new Operation("bedrockruntime", "invokeModel", "Body"),
            ("elasticmapreduce", var action) => new Operation("emr", action),
            ("emr-containers", var action) => new Operation("emrcontainers", action),
            ("emr-serverless", var action) => new Operation("emrserverless", action),
            ("events", var action) => new Operation("eventbridge", action),
            ("states", var action) => new Operation("sfn", action),
            var (service, action) => new Operation(service, action),
        },
    };

    /// <summary>Documented: the mock of a <c>.sync</c> task is the answer of the operation that is polled.</summary>
    private static Operation? PollingOperationOf(ServiceIntegration integration) =>
        (integration.Service, integration.Action, integration.Pattern) switch
        {
            // Documented: .sync:2 gives input and output as JSON, .sync as text.
            ("states", "startExecution", IntegrationPattern.Sync2) =>
                new Operation("sfn", "describeExecution", "Input", "Output"),
            ("states", "startExecution", _) => new Operation("sfn", "describeExecution"),
            ("athena", "startQueryExecution", _) => new Operation("athena", "getQueryExecution"),
            ("batch", "submitJob", _) => new Operation("batch", "describeJobs"),
            ("codebuild", "startBuild", _) => new Operation("codebuild", "batchGetBuilds"),
            ("ecs", "runTask", _) => new Operation("ecs", "describeTasks"),
            ("glue", "startJobRun", _) => new Operation("glue", "getJobRun"),
            _ => null,
        };

    private sealed record Operation(string Service, string Action, params string[] AnyMembers);
}
