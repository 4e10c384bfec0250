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
                Tags = body.FindTexts("Tags") ?? ImmutableSortedDictionary<string, string>.Empty,
                Publish = body.IsTrue("Publish"),
            },
            cancellationToken);
        return LambdaAnswer.Of(201, ConfigurationAnswer.Of(created, call.Functions.Account));
    }

    private static Exception Missing(string member) => LambdaErrors.InvalidParameter(
        $"{member} is mandatory for functions created with deployment packages.");
}
