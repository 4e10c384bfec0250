using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using Lungfish.Json;

namespace Lungfish.Cli.Client;

/// <summary>The Lambda API, as far as commands and deployments need it.</summary>
internal sealed class FunctionClient(ServerConnection connection)
{
    private const string Root = "/2015-03-31/functions";

    public async Task<IReadOnlyList<Function>> ListAsync(CancellationToken cancellationToken)
    {
        var found = await ListAsync($"{Root}/", "Functions", cancellationToken);
        return [.. found.Select(f => new Function(f))];
    }

    /// <param name="qualifier">A version or an alias; null: the function as it is now.</param>
    /// <returns>Null if there is no such function.</returns>
    public async Task<Function?> FindAsync(string name, string? qualifier, CancellationToken cancellationToken)
    {
        var path = new QueryText($"{Root}/{Uri.EscapeDataString(name)}/configuration").Add("Qualifier", qualifier);
        try
        {
            return new Function(await connection.GetAsync(path.ToString(), cancellationToken));
        }
        catch (ServerRefusal refusal) when (refusal.IsNotFound)
        {
            return null;
        }
    }

    public Task CreateAsync(JsonObject request, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Root, request, cancellationToken);

    public Task UpdateCodeAsync(string name, JsonObject request, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"{Root}/{Uri.EscapeDataString(name)}/code", request, cancellationToken);

    public Task UpdateConfigurationAsync(string name, JsonObject request, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"{Root}/{Uri.EscapeDataString(name)}/configuration", request, cancellationToken);

    /// <returns>The number of the version: a new one only if the function has changed since the last.</returns>
    public async Task<string> PublishAsync(string name, string description, CancellationToken cancellationToken)
    {
        var request = description.Length == 0 ? JsonObject.Empty : JsonObject.Of("Description", description);
        var published = await connection.SendJsonAsync(
            HttpMethod.Post, $"{Root}/{Uri.EscapeDataString(name)}/versions", request, cancellationToken);
        return published.Required("Version");
    }

    /// <summary><c>$LATEST</c>, then the published versions, oldest first.</summary>
    public Task<IReadOnlyList<JsonObject>> ListVersionsAsync(string name, CancellationToken cancellationToken) =>
        ListAsync($"{Root}/{Uri.EscapeDataString(name)}/versions", "Versions", cancellationToken);

    public Task<IReadOnlyList<JsonObject>> ListAliasesAsync(string name, CancellationToken cancellationToken) =>
        ListAsync($"{Root}/{Uri.EscapeDataString(name)}/aliases", "Aliases", cancellationToken);

    /// <returns>Null if there is no such alias.</returns>
    public async Task<JsonObject?> FindAliasAsync(string function, string alias, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.GetAsync(AliasPath(function, alias), cancellationToken);
        }
        catch (ServerRefusal refusal) when (refusal.IsNotFound)
        {
            return null;
        }
    }

    public Task CreateAliasAsync(string function, JsonObject request, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"{Root}/{Uri.EscapeDataString(function)}/aliases", request, cancellationToken);

    public Task UpdateAliasAsync(
        string function, string alias, JsonObject request, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, AliasPath(function, alias), request, cancellationToken);

    /// <param name="isAsynchronous">The answer comes as soon as the invocation is recorded.</param>
    public async Task<InvocationAnswer> InvokeAsync(
        string name, string payload, bool isAsynchronous, CancellationToken cancellationToken)
    {
        using var request = InvocationOf(name, null, payload, isAsynchronous);
        using var response = await connection.SendAsync(request, cancellationToken);
        return new InvocationAnswer(
            await connection.ReadTextAsync(response, cancellationToken),
            Header(response, "X-Amz-Function-Error"),
            Header(response, "X-Amz-Log-Result") is { } log
                ? Encoding.UTF8.GetString(Convert.FromBase64String(log))
                : null,
            (int)response.StatusCode);
    }

    /// <summary>Starts an execution of a durable function, or finds the one of that name and payload.</summary>
    /// <param name="executionName">Null: the server makes one up.</param>
    /// <returns>The execution's ARN.</returns>
    public async Task<string> StartDurableAsync(
        string name, string qualifier, string? executionName, string payload, CancellationToken cancellationToken)
    {
        using var request = InvocationOf(name, qualifier, payload, isAsynchronous: true);
        if (executionName is not null)
        {
            request.Headers.Add("X-Amz-Durable-Execution-Name", executionName);
        }

        using var response = await connection.SendAsync(request, cancellationToken);
        return Header(response, "X-Amz-Durable-Execution-Arn")
            ?? throw JsonMembers.Lacks("X-Amz-Durable-Execution-Arn");
    }

    /// <summary>Lines of a function's log, oldest first; when following, new ones until cancelled.</summary>
    /// <param name="version">Null: of all versions.</param>
    public async IAsyncEnumerable<LogLine> ReadLogsAsync(
        string name,
        string? version,
        int countMax,
        bool follow,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new QueryText($"/api/functions/{Uri.EscapeDataString(name)}/logs")
            .Add("version", version).Add("limit", $"{countMax}").Add("follow", follow ? "true" : "false");
        await foreach (var line in connection.ReadLinesAsync(query.ToString(), cancellationToken))
        {
            yield return new LogLine(line);
        }
    }

    private Task SendAsync(HttpMethod method, string path, JsonObject body, CancellationToken cancellationToken) =>
        connection.SendJsonAsync(method, path, body, cancellationToken);

    private async Task<IReadOnlyList<JsonObject>> ListAsync(
        string path, string member, CancellationToken cancellationToken)
    {
        var found = new List<JsonObject>();
        string? marker = null;
        do
        {
            var page = await connection.GetAsync(
                new QueryText(path).Add("Marker", marker).ToString(), cancellationToken);
            found.AddRange(page.Objects(member));
            marker = page.Text("NextMarker");
        }
        while (marker is { Length: > 0 });
        return found;
    }

    private static string AliasPath(string function, string alias) =>
        $"{Root}/{Uri.EscapeDataString(function)}/aliases/{Uri.EscapeDataString(alias)}";

    private static HttpRequestMessage InvocationOf(string name, string? qualifier, string payload, bool isAsynchronous)
    {
        var path = new QueryText($"{Root}/{Uri.EscapeDataString(name)}/invocations").Add("Qualifier", qualifier);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(payload));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, path.ToString()) { Content = content };
        request.Headers.Add("X-Amz-Invocation-Type", isAsynchronous ? "Event" : "RequestResponse");
        request.Headers.Add("X-Amz-Log-Type", isAsynchronous ? "None" : "Tail");
        return request;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}

/// <summary>A line that a function wrote, or that the platform wrote about an invocation.</summary>
internal sealed record LogLine(JsonObject Json)
{
    public DateTimeOffset At => Json.Time("timestamp") ?? default;

    public string RequestId => Json.Text("requestId") ?? "";

    public string Text => Json.Text("message") ?? "";
}
