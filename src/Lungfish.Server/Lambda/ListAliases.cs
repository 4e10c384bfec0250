namespace Lungfish.Server.Lambda;

internal sealed class ListAliases : ILambdaAction
{
    public Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var items = call.Functions.ListAliases(Aliases.ReadFunction(call), call.FindQuery("FunctionVersion"))
            .Select(a => (a.Name, Aliases.ToJson(a, call.Functions.Account)));
        return Task.FromResult(LambdaAnswer.Of(200, FunctionPages.Of(call, "Aliases", items)));
    }
}
