using Lungfish.Functions;

namespace Lungfish.Server.Lambda;

internal sealed class ListFunctions : ILambdaAction
{
    public Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var account = call.Functions.Account;
        var functions = call.Functions.List();
        var isAll = call.FindQuery("FunctionVersion") == "ALL";
        var all = isAll
            ? functions.SelectMany(f => call.Functions.ListVersions(new FunctionReference(f.Name, null)))
            : functions;
        // "$LATEST" sorts before every number. Documented in the example of list-functions: without ALL, ARNs name the
        // function and no version.
        var items = all.Select(f => (
            $"{f.Name}:{f.Version.PadLeft(10, '!')}",
            ConfigurationAnswer.Of(f, account, isAll ? f.Version : null)));
        return Task.FromResult(LambdaAnswer.Of(200, FunctionPages.Of(call, "Functions", items)));
    }
}
