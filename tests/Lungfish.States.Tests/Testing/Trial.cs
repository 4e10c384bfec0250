using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;
using Lungfish.States.Quotas;
using Lungfish.States.Testing;
using Lungfish.States.Tests.Deciding;

namespace Lungfish.States.Tests.Testing;

/// <summary>Tests one state in process, with services whose answers must have a field <c>Id</c>.</summary>
internal static class Trial
{
    /// <summary>A mocked result as JSON text.</summary>
    public static StateTestRequest With(string definition, string result) =>
        Of(definition) with { Mock = new MockRequest { Result = result } };

    public static StateTestRequest WithError(string definition, string? error, string? cause = null) =>
        Of(definition) with { Mock = new MockRequest { ErrorOutput = new MockedErrorOutput(error, cause) } };

    public static StateTestRequest Of(string definition) =>
        new() { Definition = definition, RoleArn = "arn:aws:iam::000000000000:role/r" };

    public static StateTest Begin(StateTestRequest request)
    {
        var setup = Read(request, out var refusal);
        Assert.True(setup is not null, refusal?.Message);
        return StateTest.Begin(setup, World.Noon, new Seed(1), new Surroundings());
    }

    public static StateTestResult Run(StateTestRequest request) =>
        Begin(request).Result ?? throw new InvalidOperationException("The state still waits.");

    public static TestRefusal Refuse(StateTestRequest request)
    {
        var setup = Read(request, out var refusal);
        refusal ??= setup is null ? null : Begin(request).Refusal;
        Assert.NotNull(refusal);
        return refusal;
    }

    private static StateTestSetup? Read(StateTestRequest request, out TestRefusal? refusal) =>
        new StateTestReader(new Schemas(), resource => resource is LambdaFunctionResource).Read(
            request,
            World.Identity with { RoleArn = request.RoleArn ?? "" },
            out refusal);

    private sealed class Schemas : IAnswerSchemas
    {
        public string? WhyNot(ServiceIntegration integration, JsonValue answer, bool requireAll) =>
            requireAll && (answer as JsonObject)?["Id"] is null ? "Id is missing" : null;
    }

    private sealed class Surroundings : ISurroundings
    {
        public QuotaPolicy Quotas => QuotaPolicy.Strict;

        public bool ActivityExists(string activityArn) => true;

        public string TaskToken(ExecutionIdentity execution, long taskId) => "token";
    }
}
