namespace Lungfish.Server.Lambda;

internal sealed class GetAlias : ILambdaAction
{
    public Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var (function, name) = Aliases.ReadName(call);
        var alias = call.Functions.GetAlias(function, name);
        return Task.FromResult(LambdaAnswer.Of(200, Aliases.ToJson(alias, call.Functions.Account)));
    }
}
