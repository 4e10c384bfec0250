namespace Lungfish.Server.Lambda;

internal sealed class CreateAlias : ILambdaAction
{
    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync("CreateAlias", cancellationToken);
        var name = Aliases.ReadNewName(body);
        _ = body.GetText("FunctionVersion");
        var request = Aliases.ReadChange(body);
        body.Check();
        var alias = await call.Functions.CreateAliasAsync(
            Aliases.ReadFunction(call), name, request, cancellationToken);
        return LambdaAnswer.Of(201, Aliases.ToJson(alias, call.Functions.Account));
    }
}
