using Lungfish.Functions;

namespace Lungfish.Server.Lambda;

internal sealed class ListFunctions : ILambdaAction
{
    public Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var account = call.Functions.Account;
        var functions = call.Functions.List();
        var all = call.FindQuery("FunctionVersion") == "ALL"
            ? functions.SelectMany(f => call.Functions.ListVersions(new FunctionReference(f.Name, null)))
            : functions;
        // "$LATEST" sorts before every number.
        var items = all.Select(f => (
            $"{f.Name}:{f.Version.PadLeft(10, '!')}",
            ConfigurationAnswer.Of(f, account, f.Version)));
        return Task.FromResult(LambdaAnswer.Of(200, FunctionPages.Of(call, "Functions", items)));
    }
}
