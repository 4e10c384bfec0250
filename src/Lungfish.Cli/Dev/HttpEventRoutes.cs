using System.Collections.Immutable;
using System.Text;
using Lungfish.Deployment;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;

namespace Lungfish.Cli.Dev;

/// <summary>The HTTP routes of a deployed service: each starts an execution, as API Gateway's AWS integration does with
/// the default request template. They change with each deployment while the server runs.</summary>
internal sealed class HttpEventRoutes : EndpointDataSource
{
    private volatile Table _table = new([], new CancellationTokenSource());

    private readonly TaskCompletionSource<IExecutions> _executions =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was deployed can be started now; requests that came before have waited for it.</summary>
    public void Open(IExecutions executions) => _executions.TrySetResult(executions);

    public override IReadOnlyList<Endpoint> Endpoints => _table.Endpoints;

    public override IChangeToken GetChangeToken() => new CancellationChangeToken(_table.Replaced.Token);

    /// <param name="events">What the service declares.</param>
    /// <param name="stage">The first part of every path.</param>
    /// <param name="arnOf">Turns a state machine's name into its ARN.</param>
    public void Replace(ImmutableArray<HttpEventResource> events, string stage, Func<string, string> arnOf)
    {
        var endpoints = events
            .GroupBy(e => e.Path)
            .Select(path => Map(path.Key, 0, context => StartAsync(context, path.ToList(), arnOf)))
            .ToList();
        if (endpoints.Count > 0)
        {
            endpoints.Add(
                Map($"/{stage}/{{**rest}}", 1, context => AnswerAsync(context, 403, "Missing Authentication Token")));
        }

        var before = _table;
        _table = new Table(endpoints, new CancellationTokenSource());
        before.Replaced.Cancel(); // Routing reads Endpoints anew.
    }

    private static Endpoint Map(string path, int order, RequestDelegate answer)
    {
        var pattern = RoutePatternFactory.Parse(path.Replace("+}", "}", StringComparison.Ordinal)
            .Replace("{proxy}", "{**proxy}", StringComparison.Ordinal));
        return new RouteEndpointBuilder(answer, pattern, order) { DisplayName = path }.Build();
    }

    private async Task StartAsync(HttpContext context, List<HttpEventResource> events, Func<string, string> arnOf)
    {
        var request = context.Request;
        var found = events.Find(e => e.Method == request.Method) ?? events.Find(e => e.Method == "ANY");
        if (found is null)
        {
            // What API Gateway says of what is not there.
            await AnswerAsync(context, 403, "Missing Authentication Token");
            return;
        }

        if (await ReadInputAsync(request, context.RequestAborted) is not { } input)
        {
            await AnswerAsync(context, 415, "Unsupported Media Type");
            return;
        }

        var requestId = Guid.NewGuid().ToString();
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        try
        {
            var executions = await _executions.Task.WaitAsync(context.RequestAborted);
            var started = await executions.StartAsync(
                arnOf(found.StateMachineName), requestId, JsonValue.Parse(input), input, context.RequestAborted);
            var seconds = started.StartDate.ToUnixTimeMilliseconds() / 1000.0;
            await WriteAsync(
                context,
                200,
                $"{{\"executionArn\":\"{started.ExecutionArn}\",\"startDate\":{seconds:0.############E0}}}");
        }
        catch (JsonParseException e)
        {
            await AnswerAsync(context, 400, $"Could not parse request body into json: {e.Message}");
        }
        catch (ApiException e)
        {
            var refusal = JsonObject.Of(("__type", e.Code), ("message", e.Message));
            await WriteAsync(context, 400, refusal.ToText());
        }
    }

    /// <summary>The default template: the body as it is, an empty one as {}; a form's body becomes JSON text.</summary>
    /// <returns>Null for content types without a template: PassthroughBehavior is NEVER.</returns>
    private static async Task<string?> ReadInputAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(cancellationToken);
        var type = request.ContentType?.Split(';')[0].Trim();
        return type?.ToUpperInvariant() switch
        {
            null or "" or "APPLICATION/JSON" => string.IsNullOrWhiteSpace(body) ? "{}" : body,
            "APPLICATION/X-WWW-FORM-URLENCODED" => new JsonString(body).ToText(),
            _ => null,
        };
    }

    private static Task AnswerAsync(HttpContext context, int status, string message) =>
        WriteAsync(context, status, JsonObject.Of("message", message).ToText());

    private static Task WriteAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    private sealed record Table(IReadOnlyList<Endpoint> Endpoints, CancellationTokenSource Replaced);
}
