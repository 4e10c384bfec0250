using Lungfish.Engine;
using Lungfish.Engine.Identifiers;
using Lungfish.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Server.Lambda;

/// <summary>The Lambda API: which class answers which request, and how answers and refusals look on the wire.</summary>
public static class LambdaEndpoints
{
    private const string Functions = "/2015-03-31/functions";
    private const string OneFunction = Functions + "/{FunctionName}";
    private const string OneAlias = OneFunction + "/aliases/{Name}";
    private const string TagsOfOne = "/2017-03-31/tags/{Resource}";

    /// <param name="routes">Where to.</param>
    /// <param name="functions">What answers.</param>
    /// <param name="stopping">Cancelled when the server begins to stop: those who wait for a function are told.</param>
    public static IEndpointRouteBuilder MapLambda(
        this IEndpointRouteBuilder routes, FunctionService functions, CancellationToken stopping = default)
    {
        Map("POST", Functions, new CreateFunction());
        Map("GET", Functions, new ListFunctions());
        Map("GET", OneFunction, new GetFunction());
        Map("DELETE", OneFunction, new DeleteFunction());
        Map("PUT", OneFunction + "/code", new UpdateFunctionCode());
        Map("GET", OneFunction + "/configuration", new GetFunctionConfiguration());
        Map("PUT", OneFunction + "/configuration", new UpdateFunctionConfiguration());
        Map("POST", OneFunction + "/invocations", new Invoke());
        Map("POST", OneFunction + "/versions", new PublishVersion());
        Map("GET", OneFunction + "/versions", new ListVersionsByFunction());
        Map("POST", OneFunction + "/aliases", new CreateAlias());
        Map("GET", OneFunction + "/aliases", new ListAliases());
        Map("GET", OneAlias, new GetAlias());
        Map("PUT", OneAlias, new UpdateAlias());
        Map("DELETE", OneAlias, new DeleteAlias());
        Map("GET", TagsOfOne, new ListTags());
        Map("POST", TagsOfOne, new TagResource());
        Map("DELETE", TagsOfOne, new UntagResource());
        Map("GET", GetPackage.Route, new GetPackage());
        foreach (var (method, path, name) in MissingOperations.All)
        {
            Map(method, path, new MissingOperation(name));
        }

        return routes;

        void Map(string method, string path, ILambdaAction action) =>
            routes.MapMethods(
                path, [method], http => AnswerAsync(http, action, new LambdaCall(http, functions), stopping));
    }

    internal static async Task AnswerAsync(
        HttpContext http, ILambdaAction action, LambdaCall call, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            var answer = await action.HandleAsync(call, ending.Token);
            http.Response.Headers["x-amzn-RequestId"] = answer.RequestId ?? Uuids.New().ToString();
            http.Response.ContentType = "application/json";
            foreach (var (name, value) in answer.Headers)
            {
                http.Response.Headers[name] = value;
            }

            await WriteAsync(http, answer.StatusCode, answer.Body);
        }
        catch (ApiException e)
        {
            await WriteAsync(http, e.HttpStatus, LambdaRefusal.Prepare(http.Response, e));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await WriteAsync(http, 503, LambdaRefusal.Prepare(http.Response, LambdaErrors.ServiceStopping()));
        }
    }

    private static async Task WriteAsync(HttpContext http, int statusCode, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = statusCode;
        if (statusCode == StatusCodes.Status204NoContent)
        {
            return;
        }

        http.Response.ContentLength = body.Length;
        _ = await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    private sealed class MissingOperation(string name) : ILambdaAction
    {
        public Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken) =>
            throw new ApiException("UnknownOperationException", $"Lungfish does not have {name} yet.", 404);
    }
}
