using System.Collections.Immutable;
using Lungfish.Functions;

namespace Lungfish.Server.Lambda;

internal sealed class CreateFunction : ILambdaAction
{
    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync("CreateFunction", cancellationToken);
        var name = body.GetText("FunctionName");
        var role = body.GetText("Role");
        if (!body.Has("Code"))
        {
            body.Fail("null", "Code", "Member must not be null");
        }

        var settings = ConfigurationBody.Read(body);
        if (settings.Durable is { ExecutionTimeoutSeconds: null })
        {
            body.FindObject("DurableConfig").Fail("null", "ExecutionTimeout", "Member must not be null");
        }

        var isolatesTenants = ReadTenancy(body);
        body.Check();
        var reference = FunctionReference.Parse(name, qualifier: null, call.Functions.Account);
        if (reference.Name.Length > 64)
        {
            throw LambdaErrors.Validation(
                $"Value '{name}' at 'functionName' failed to satisfy constraint: "
                + "Member must have length less than or equal to 64");
        }

        var created = await call.Functions.CreateAsync(
            new NewFunction
            {
                Name = reference.Name,
                Runtime = settings.Runtime ?? throw Missing("Runtime"),
                Handler = settings.Handler ?? throw Missing("Handler"),
                Role = role,
                Code = CodeBody.Read(body.FindObject("Code")),
                Description = settings.Description ?? "",
                Timeout = settings.Timeout ?? TimeSpan.FromSeconds(3),
                MemorySizeMb = settings.MemorySizeMb ?? 128,
                EphemeralStorageMb = settings.EphemeralStorageMb ?? 512,
                Environment = settings.Environment,
                Architectures = body.FindList("Architectures") ?? ["x86_64"],
                TracingMode = settings.TracingMode ?? "PassThrough",
                Inert = settings.Inert,
                Durable = settings.Durable is { ExecutionTimeoutSeconds: { } seconds } durable
                    ? new(seconds, durable.RetentionDays ?? DurableConfig.DefaultRetentionDays)
                    : null,
                CapacityProvider = settings.CapacityProvider,
                IsolatesTenants = isolatesTenants,
                Tags = body.FindTexts("Tags") ?? ImmutableSortedDictionary<string, string>.Empty,
                Publish = body.IsTrue("Publish"),
            },
            cancellationToken);
        return LambdaAnswer.Of(201, ConfigurationAnswer.Of(created, call.Functions.Account));
    }

    private static bool ReadTenancy(RequestBody body)
    {
        var mode = body.FindObject("TenancyConfig").FindText("TenantIsolationMode");
        if (body.Has("TenancyConfig") && mode != "PER_TENANT")
        {
            body.FindObject("TenancyConfig").Fail(
                mode is null ? "null" : $"'{mode}'",
                "TenantIsolationMode",
                mode is null ? "Member must not be null" : "Member must satisfy enum value set: [PER_TENANT]");
        }

        return mode is not null;
    }

    private static Exception Missing(string member) => LambdaErrors.InvalidParameter(
        $"{member} is mandatory for functions created with deployment packages.");
}
