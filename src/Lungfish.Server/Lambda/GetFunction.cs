using Lungfish.Json;

namespace Lungfish.Server.Lambda;

internal sealed class GetFunction : ILambdaAction
{
    public Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var reference = call.ReadReference();
        var function = call.Functions.Get(reference);
        var qualifier = Uri.EscapeDataString(function.Configuration.Version);
        var server = $"{call.Request.Scheme}://{call.Request.Host}";
        var package = $"{server}{GetPackage.PathOf(reference.Name)}?Qualifier={qualifier}";
        var configuration = ConfigurationAnswer.Of(
            function.Configuration, call.Functions.Account, reference.Qualifier);
        var answer = JsonObject.Of(
            ("Configuration", configuration),
            ("Code", function.Configuration.Code.Folder is { } folder
                ? JsonObject.Of(("RepositoryType", "Folder"), ("Location", new Uri(folder).AbsoluteUri))
                : JsonObject.Of(("RepositoryType", "S3"), ("Location", package))));
        if (!function.Tags.IsEmpty)
        {
            answer = answer.With("Tags", JsonObject.Of(
                function.Tags.Select(t => KeyValuePair.Create(t.Key, (JsonValue)t.Value))));
        }

        return Task.FromResult(LambdaAnswer.Of(200, answer));
    }
}

/// <summary>The download behind GetFunction's Code.Location; on AWS that is S3.</summary>
internal sealed class GetPackage : ILambdaAction
{
    public const string Route = "/lungfish/functions/{FunctionName}/package";

    public static string PathOf(string functionName) => $"/lungfish/functions/{functionName}/package";

    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var function = call.Functions.Get(call.ReadReference());
        var file = call.Functions.FindPackageFile(function.Configuration)
            ?? throw Functions.LambdaErrors.FunctionNotFound(function.Arn);
        return new(200, await File.ReadAllBytesAsync(file, cancellationToken))
        {
            Headers = [("Content-Type", "application/zip")],
        };
    }
}
