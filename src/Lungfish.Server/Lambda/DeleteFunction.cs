namespace Lungfish.Server.Lambda;

internal sealed class DeleteFunction : ILambdaAction
{
    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        await call.Functions.DeleteAsync(call.ReadReference(), cancellationToken);
        return new(204, default);
    }
}
