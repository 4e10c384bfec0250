namespace Lungfish.Server.Lambda;

internal sealed class DeleteAlias : ILambdaAction
{
    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var (function, name) = Aliases.ReadName(call);
        await call.Functions.DeleteAliasAsync(function, name, cancellationToken);
        return new(204, default);
    }
}
