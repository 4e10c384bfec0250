using Lungfish.Server.Lambda;
using Lungfish.Server.Lambda.Durable;
using Lungfish.Server.Protocol;
using Lungfish.Server.S3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lungfish.Server.Hosting;

/// <summary>The way of a request: the browser guard, then what is signed for S3, durable executions, Invoke, the AWS
/// JSON services at <c>/</c>, then routes. A form comes to routes only.</summary>
internal static partial class RequestPipeline
{
    /// <summary>The content type of what people read.</summary>
    public const string PlainText = "text/plain; charset=utf-8";

    /// <param name="services">Must have routing and logging.</param>
    /// <param name="awsJson">Takes every POST to <c>/</c>, past routing: most requests come this way.</param>
    /// <param name="s3">Takes every request that is signed for S3; null: nobody does.</param>
    /// <param name="durable">Takes the operations on durable executions, past routing too; null: nobody does.</param>
    /// <param name="invoke">Takes Invoke, past routing; null: nobody does.</param>
    /// <param name="health">What is wrong with the server, in one sentence; null if nothing is.</param>
    /// <param name="mapApi">Our own APIs, which take no forms.</param>
    /// <param name="mapMore">Routes of applications, which may take forms.</param>
    public static RequestDelegate Build(
        IServiceProvider services,
        RequestDelegate awsJson,
        RequestDelegate? s3,
        DurableEndpoint? durable,
        InvokeEndpoint? invoke,
        Func<string?> health,
        Action<IEndpointRouteBuilder> mapApi,
        Action<IEndpointRouteBuilder>? mapMore)
    {
        var routed = BuildRoutes(services, health, mapApi, mapMore);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestPipeline));
        return context =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            var request = context.Request;
            if (BrowserGuard.WhyRefused(request) is { } why)
            {
                return ForbidAsync(context, why);
            }

            if (BrowserGuard.WhyFormRefused(request) is not null)
            {
                return RunAsync(routed, context, logger); // Which refuses it but where an application takes forms.
            }

            if (s3 is not null && S3Request.IsOne(request))
            {
                return RunAsync(s3, context, logger);
            }

            if (durable is not null && DurableEndpoint.Find(context) is { } route)
            {
                return durable.HandleAsync(context, route);
            }

            if (invoke is not null && InvokeEndpoint.FindFunction(request) is { } function)
            {
                return RunAsync(ToInvoke(invoke, function), context, logger);
            }

            return HttpMethods.IsPost(request.Method) && request.Path == "/"
                ? awsJson(context)
                : RunAsync(routed, context, logger);
        };
    }

    private static RequestDelegate ToInvoke(InvokeEndpoint invoke, string function) =>
        context => invoke.HandleAsync(context, function);

    private static async Task RunAsync(RequestDelegate routed, HttpContext context, ILogger logger)
    {
        try
        {
            await routed(context);
        }
        catch (Exception bug) when (bug is not BadHttpRequestException
            && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            LogBug(logger, bug, context.Request.Method, context.Request.Path);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await WriteErrorAsync(context, "InternalFailure", ProtocolErrors.Internal().Message);
        }
    }

    private static RequestDelegate BuildRoutes(
        IServiceProvider services,
        Func<string?> health,
        Action<IEndpointRouteBuilder> mapApi,
        Action<IEndpointRouteBuilder>? mapMore)
    {
        var app = new ApplicationBuilder(services);
        app.UseRouting();
        app.Use(ExplainMethodAsync);
        app.Use((context, next) =>
            context.GetEndpoint()?.Metadata.GetMetadata<TakesForms>() is null
            && BrowserGuard.WhyFormRefused(context.Request) is { } why
                ? ForbidAsync(context, why)
                : next(context));
        app.UseEndpoints(routes =>
        {
            routes.MapGet("/health", context => AnswerHealthAsync(context, health()));
            mapApi(routes);
            mapMore?.Invoke(routes.MapGroup("").WithMetadata(new TakesForms()));
        });
        app.Run(AnswerNotFoundAsync);
        return app.Build();
    }

    /// <summary>Routing refuses another method of a known path without a word.</summary>
    private static async Task ExplainMethodAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false })
        {
            var allowed = context.Response.Headers.Allow;
            var asked = $"{context.Request.Method} {context.Request.Path}";
            await WriteErrorAsync(context, "MethodNotAllowed", $"There is no {asked}; this path takes {allowed}.");
        }
    }

    private static Task AnswerHealthAsync(HttpContext context, string? trouble)
    {
        if (trouble is not null)
        {
            context.Response.StatusCode = StatusCodes.Status507InsufficientStorage;
        }

        context.Response.ContentType = PlainText;
        return context.Response.WriteAsync(trouble ?? "ok", context.RequestAborted);
    }

    private static Task AnswerNotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        var asked = $"{context.Request.Method} {context.Request.Path}";
        return WriteErrorAsync(context, "NotFound", $"There is nothing at {asked}.");
    }

    private static Task ForbidAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return WriteErrorAsync(context, "AccessDeniedException", why);
    }

    /// <summary>Writes why a request is refused, as AWS does, or as the rules of <c>/api</c> say. The status is set
    /// before.</summary>
    internal static async Task WriteErrorAsync(HttpContext context, string code, string message)
    {
        var answer = AnswerBuffer.Rent();
        var writer = answer.Writer;
        writer.WriteStartObject();
        var isOurs = context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
        writer.WriteString(isOurs ? "code"u8 : "__type"u8, code);
        writer.WriteString("message"u8, message);
        writer.WriteEndObject();
        context.Response.ContentType = "application/json";
        await answer.SendAsync(context.Response);
        answer.Return();
    }

    [LoggerMessage(2, LogLevel.Error, "{Method} {Path} failed.")]
    private static partial void LogBug(ILogger logger, Exception bug, string method, PathString path);

    private sealed class TakesForms;
}
