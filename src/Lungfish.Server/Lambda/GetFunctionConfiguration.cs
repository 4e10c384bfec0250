namespace Lungfish.Server.Lambda;

internal sealed class GetFunctionConfiguration : ILambdaAction
{
    public Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var reference = call.ReadReference();
        var function = call.Functions.Get(reference);
        return Task.FromResult(LambdaAnswer.Of(
            200, ConfigurationAnswer.Of(function.Configuration, call.Functions.Account, reference.Qualifier)));
    }
}
