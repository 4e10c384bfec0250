using Lungfish.Functions;

namespace Lungfish.Server.Lambda;

internal sealed class PublishVersion : ILambdaAction
{
    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync("PublishVersion", cancellationToken);
        ConfigurationBody.RefusePublishTo(body);
        var request = new VersionRequest
        {
            Description = body.FindText("Description", lengthMax: 256),
            ExpectedCodeSha256 = body.FindText("CodeSha256") is { Length: > 0 } sha256 ? sha256 : null,
            ExpectedRevision = body.FindText("RevisionId"),
        };
        body.Check();
        var version = await call.Functions.PublishVersionAsync(call.ReadReference(), request, cancellationToken);
        return LambdaAnswer.Of(201, ConfigurationAnswer.Of(version, call.Functions.Account));
    }
}
