namespace Lungfish.Server.Lambda;

internal sealed class UpdateAlias : ILambdaAction
{
    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync("UpdateAlias", cancellationToken);
        var change = Aliases.ReadChange(body);
        body.Check();
        var (function, name) = Aliases.ReadName(call);
        var alias = await call.Functions.UpdateAliasAsync(function, name, change, cancellationToken);
        return LambdaAnswer.Of(200, Aliases.ToJson(alias, call.Functions.Account));
    }
}
