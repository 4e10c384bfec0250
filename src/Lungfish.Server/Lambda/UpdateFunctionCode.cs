using Lungfish.Functions;

namespace Lungfish.Server.Lambda;

internal sealed class UpdateFunctionCode : ILambdaAction
{
    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync("UpdateFunctionCode", cancellationToken);
        ConfigurationBody.RefusePublishTo(body);
        var reference = call.ReadReference();
        var change = new FunctionCodeChange
        {
            Code = CodeBody.Read(body),
            Architectures = body.FindList("Architectures"),
            Publish = body.IsTrue("Publish"),
            DryRun = body.IsTrue("DryRun"),
            ExpectedRevision = body.FindText("RevisionId"),
        };
        body.Check();
        var changed = await call.Functions.UpdateCodeAsync(reference, change, cancellationToken);
        return LambdaAnswer.Of(200, ConfigurationAnswer.Of(changed, call.Functions.Account));
    }
}
