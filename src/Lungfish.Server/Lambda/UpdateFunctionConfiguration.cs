using Lungfish.Functions;

namespace Lungfish.Server.Lambda;

internal sealed class UpdateFunctionConfiguration : ILambdaAction
{
    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync("UpdateFunctionConfiguration", cancellationToken);
        var change = ConfigurationBody.Read(body);
        if (body.Has("TenancyConfig"))
        {
            throw LambdaErrors.InvalidParameter("TenancyConfig cannot be changed after the function was created.");
        }

        body.Check();
        var changed = await call.Functions.UpdateConfigurationAsync(call.ReadReference(), change, cancellationToken);
        return LambdaAnswer.Of(200, ConfigurationAnswer.Of(changed, call.Functions.Account));
    }
}
