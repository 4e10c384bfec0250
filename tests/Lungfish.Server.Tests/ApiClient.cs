using Lungfish.Json;

namespace Lungfish.Server.Tests;

/// <summary>Calls a server as a program would; fails on any refusal.</summary>
internal sealed class ApiClient(Uri url) : IDisposable
{
    public HttpClient Http { get; } = new() { BaseAddress = url };

    public void Dispose() => Http.Dispose();

    public async Task<JsonObject> CallAsync(string operation, params (string Name, string Value)[] members)
    {
        var body = JsonObject.Of(members.Select(member => (member.Name, (JsonValue)member.Value)));
        using var request = EdgeUnderTest.Request(operation, body.ToText());
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await ReadAsync(response);
    }

    public async Task<JsonObject> GetAsync(string path)
    {
        using var response = await Http.GetAsync(
            new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return await ReadAsync(response);
    }

    /// <summary>Makes the activity <c>ask</c> and the machine <c>asks</c>, and starts <c>waiting</c>.</summary>
    /// <returns>The execution's ARN.</returns>
    public async Task<string> StartWaitingExecutionAsync(string definition)
    {
        var activity = await CallAsync("CreateActivity", ("name", "ask"));
        var machine = await CallAsync(
            "CreateStateMachine",
            ("name", "asks"),
            ("definition", definition.Replace("ACTIVITY", activity.Text("activityArn"), StringComparison.Ordinal)),
            ("roleArn", "arn:aws:iam::000000000000:role/r"));
        var started = await CallAsync(
            "StartExecution", ("stateMachineArn", machine.Text("stateMachineArn")), ("name", "waiting"));
        return started.Text("executionArn");
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode
            ? Assert.IsType<JsonObject>(JsonValue.Parse(text))
            : throw new InvalidOperationException($"{(int)response.StatusCode}: {text}");
    }
}

internal static class JsonMembers
{
    public static string Text(this JsonObject json, string name) => Assert.IsType<JsonString>(json[name]).Value;
}
