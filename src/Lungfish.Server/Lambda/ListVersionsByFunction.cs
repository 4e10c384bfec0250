namespace Lungfish.Server.Lambda;

internal sealed class ListVersionsByFunction : ILambdaAction
{
    public Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var items = call.Functions.ListVersions(call.ReadReference()).Select(f => (
            f.Version.PadLeft(10, '!'),
            ConfigurationAnswer.Of(f, call.Functions.Account, f.Version)));
        return Task.FromResult(LambdaAnswer.Of(200, FunctionPages.Of(call, "Versions", items)));
    }
}
