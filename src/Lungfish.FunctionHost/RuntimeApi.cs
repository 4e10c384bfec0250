using System.Globalization;
using System.Net.Http.Headers;

namespace Lungfish.FunctionHost;

/// <summary>One invocation, as the Runtime API hands it out.</summary>
internal sealed record Invocation(
    string RequestId, string FunctionArn, string TraceId, string? ClientContext, DateTimeOffset Deadline, byte[] Event);

/// <summary>What the environment tells.</summary>
internal static class Settings
{
    public static string Read(string variable) => Environment.GetEnvironmentVariable(variable) ?? "";
}

/// <summary>The client's side of the Lambda Runtime API, version 2018-06-01.</summary>
/// <param name="address">Host and port.</param>
/// <param name="answersAsk">Whether an answer may be the request for more work too (docs/decisions/0012).</param>
internal sealed class RuntimeApi(string address, bool answersAsk) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly string _base = $"http://{address}/2018-06-01/runtime";
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <returns>Null when the platform has gone, or wants this process to end.</returns>
    public async Task<Invocation?> NextAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"{_base}/invocation/next"));
            return await ReadAsync(answer);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <returns>The next invocation, as of <see cref="NextAsync"/>.</returns>
    public async Task<Invocation?> AnswerAsync(Invocation invocation, byte[] body, bool isError)
    {
        var call = $"invocation/{invocation.RequestId}/{(isError ? "error" : "response")}";
        if (!answersAsk)
        {
            using var taken = await PostAsync(call, body, isError);
            return await NextAsync();
        }

        try
        {
            using var answer = await PostAsync(call + "/next", body, isError);
            return await ReadAsync(answer);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async Task ReportInitErrorAsync(byte[] error)
    {
        using var taken = await PostAsync("init/error", error, isError: true);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<Invocation?> ReadAsync(HttpResponseMessage answer) => answer.IsSuccessStatusCode
        ? new Invocation(
            Header(answer, "Lambda-Runtime-Aws-Request-Id") ?? "",
            Header(answer, "Lambda-Runtime-Invoked-Function-Arn") ?? "",
            Header(answer, "Lambda-Runtime-Trace-Id") ?? "",
            Header(answer, "Lambda-Runtime-Client-Context"),
            DateTimeOffset.FromUnixTimeMilliseconds(
                long.Parse(Header(answer, "Lambda-Runtime-Deadline-Ms") ?? "0", CultureInfo.InvariantCulture)),
            await answer.Content.ReadAsByteArrayAsync())
        : null;

    private async Task<HttpResponseMessage> PostAsync(string call, byte[] body, bool isError)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = Json;
        if (isError)
        {
            content.Headers.Add("Lambda-Runtime-Function-Error-Type", "Unhandled");
        }

        return await _http.PostAsync(new Uri($"{_base}/{call}"), content);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
