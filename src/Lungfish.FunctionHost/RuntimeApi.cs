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
internal sealed class RuntimeApi(string address) : IDisposable
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
            if (!answer.IsSuccessStatusCode)
            {
                return null;
            }

            return new Invocation(
                Header(answer, "Lambda-Runtime-Aws-Request-Id") ?? "",
                Header(answer, "Lambda-Runtime-Invoked-Function-Arn") ?? "",
                Header(answer, "Lambda-Runtime-Trace-Id") ?? "",
                Header(answer, "Lambda-Runtime-Client-Context"),
                DateTimeOffset.FromUnixTimeMilliseconds(
                    long.Parse(Header(answer, "Lambda-Runtime-Deadline-Ms") ?? "0", CultureInfo.InvariantCulture)),
                await answer.Content.ReadAsByteArrayAsync());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task AnswerAsync(Invocation invocation, byte[] body) =>
        PostAsync($"invocation/{invocation.RequestId}/response", body, isError: false);

    public Task ReportErrorAsync(Invocation invocation, byte[] error) =>
        PostAsync($"invocation/{invocation.RequestId}/error", error, isError: true);

    public Task ReportInitErrorAsync(byte[] error) => PostAsync("init/error", error, isError: true);

    public void Dispose() => _http.Dispose();

    private async Task PostAsync(string call, byte[] body, bool isError)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = Json;
        if (isError)
        {
            content.Headers.Add("Lambda-Runtime-Function-Error-Type", "Unhandled");
        }

        using var answer = await _http.PostAsync(new Uri($"{_base}/{call}"), content);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
