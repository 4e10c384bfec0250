using Lungfish.Engine;
using Lungfish.Functions;
using Lungfish.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Server.Lambda;

/// <summary>The Lambda API: which class answers which request, and how answers and refusals look on the wire.</summary>
public static class LambdaEndpoints
{
    private const string Functions = "/2015-03-31/functions";
    private const string OneFunction = Functions + "/{FunctionName}";

    public static IEndpointRouteBuilder MapLambda(this IEndpointRouteBuilder routes, FunctionService functions)
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
        Map("GET", GetPackage.Route, new GetPackage());
        foreach (var (method, path, name) in MissingOperations.All)
        {
            Map(method, path, new MissingOperation(name));
        }

        return routes;

        void Map(string method, string path, ILambdaAction action) =>
            routes.MapMethods(path, [method], http => AnswerAsync(http, action, functions));
    }

    private static async Task AnswerAsync(HttpContext http, ILambdaAction action, FunctionService functions)
    {
        try
        {
            var answer = await action.HandleAsync(new LambdaCall(http, functions), http.RequestAborted);
            http.Response.Headers["x-amzn-RequestId"] = answer.RequestId;
            http.Response.ContentType = "application/json";
            foreach (var (name, value) in answer.Headers)
            {
                http.Response.Headers[name] = value;
            }

            await WriteAsync(http, answer.StatusCode, answer.Body);
        }
        catch (ApiException e)
        {
            await RefuseAsync(http, e);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
    }

    private static async Task RefuseAsync(HttpContext http, ApiException refusal)
    {
        http.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        http.Response.Headers["x-amzn-ErrorType"] = refusal.Code;
        http.Response.ContentType = "application/json";
        var body = new JsonObject.Builder();
        // The model's shapes spell the member either way; SDKs read both.
        var message = refusal.Code is "ResourceNotFoundException" or "ServiceException" or "InvalidRuntimeException"
            ? "Message"
            : "message";
        body.Set("Type", refusal.HttpStatus < 500 ? "User" : "Service");
        body.Set(message, refusal.Message);
        foreach (var (name, value) in refusal.Members)
        {
            body.Set(name, value);
        }

        await WriteAsync(http, refusal.HttpStatus, body.Build().ToUtf8());
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
