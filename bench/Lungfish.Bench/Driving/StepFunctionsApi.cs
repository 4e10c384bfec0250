using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Lungfish.Bench.Driving;

/// <summary>What is asked of a server by the Step Functions API outside of what is measured closely.</summary>
internal sealed class StepFunctionsApi(Uri url) : IDisposable
{
    /// <summary>By the service in it moto finds who is meant; neither moto nor Lungfish checks the signature.</summary>
    private const string Authorization =
        "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=none";

    private readonly HttpClient _http = new() { BaseAddress = url };

    /// <returns>The machine's ARN.</returns>
    public async Task<string> CreateMachineAsync(string name, string definition)
    {
        var created = await CallAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = name,
            ["definition"] = definition,
            ["roleArn"] = "arn:aws:iam::000000000000:role/bench",
        });
        return Member(created, "stateMachineArn");
    }

    /// <summary>Starts an execution and asks until it has ended.</summary>
    public async Task RunAsync(string machineArn)
    {
        var started = await CallAsync("StartExecution", new JsonObject { ["stateMachineArn"] = machineArn });
        string status;
        do
        {
            var execution = await CallAsync(
                "DescribeExecution", new JsonObject { ["executionArn"] = Member(started, "executionArn") });
            status = Member(execution, "status");
        }
        while (status == "RUNNING");
        if (status != "SUCCEEDED")
        {
            throw new InvalidOperationException($"An execution of {machineArn} ended as {status}.");
        }
    }

    public async Task<JsonNode> CallAsync(string operation, JsonObject input)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/");
        request.Headers.Add("X-Amz-Target", "AWSStepFunctions." + operation);
        request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        request.Content = new StringContent(input.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.0");
        return await SendAsync(request);
    }

    public Task<JsonNode> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public async Task<JsonNode> SendAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created && JsonNode.Parse(text) is { } answer
            ? answer
            : throw new HttpRequestException(
                $"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {text}");
    }

    /// <returns>The median of milliseconds.</returns>
    public static async Task<double> TimeAsync(int count, Func<Task> call)
    {
        var times = new List<double>();
        for (var i = 0; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await call();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return Measuring.Numbers.Median(times);
    }

    public static string Member(JsonNode answer, string name) =>
        answer[name]?.GetValue<string>() ?? throw new InvalidDataException($"The answer has no {name}: {answer}");

    public void Dispose() => _http.Dispose();
}
