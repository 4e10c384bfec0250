using Lungfish.Functions;
using Lungfish.Json;

namespace Lungfish.Server.Lambda;

internal sealed class ListTags : ILambdaAction
{
    public Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var tags = call.Functions.Get(TaggedFunction.Read(call)).Tags;
        return Task.FromResult(LambdaAnswer.Of(200, JsonObject.Of("Tags", JsonObject.Of(
            tags.Select(t => KeyValuePair.Create(t.Key, (JsonValue)t.Value))))));
    }
}

internal sealed class TagResource : ILambdaAction
{
    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync("TagResource", cancellationToken);
        var tags = body.FindTexts("Tags");
        if (tags is null)
        {
            body.Fail("null", "Tags", "Member must not be null");
        }

        body.Check();
        await call.Functions.ChangeTagsAsync(
            TaggedFunction.Read(call), before => tags is null ? before : before.SetItems(tags), cancellationToken);
        return new(204, default);
    }
}

internal sealed class UntagResource : ILambdaAction
{
    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        var keys = call.Request.Query["tagKeys"];
        if (keys.Count == 0)
        {
            throw LambdaErrors.Validation(
                "Value null at 'tagKeys' failed to satisfy constraint: Member must not be null");
        }

        await call.Functions.ChangeTagsAsync(
            TaggedFunction.Read(call), before => before.RemoveRange(keys.OfType<string>()), cancellationToken);
        return new(204, default);
    }
}

/// <summary>The resource whose tags a request is about.</summary>
internal static class TaggedFunction
{
    /// <exception cref="Lungfish.Engine.ApiException">It is no function: only these have tags here.</exception>
    public static FunctionReference Read(LambdaCall call)
    {
        var resource = call.Request.RouteValues["Resource"] as string ?? "";
        var function = FunctionReference.Parse(resource, qualifier: null, call.Functions.Account);
        return function.Qualifier is null
            ? function
            : throw LambdaErrors.InvalidParameter("Tags belong to functions; versions and aliases have none.");
    }
}
