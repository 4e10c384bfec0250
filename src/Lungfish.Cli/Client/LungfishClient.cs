using System.Runtime.CompilerServices;
using System.Text;
using Lungfish.Json;

namespace Lungfish.Cli.Client;

/// <summary>What commands ask of a server: AWS's API for what AWS has, the server's own under <c>/api</c> for the
/// rest.</summary>
/// <param name="readerIsGone">Cancelled when nobody wants lines of the server any more.</param>
internal sealed class LungfishClient(
    Uri endpoint, HttpMessageHandler handler, CancellationToken readerIsGone = default) : IDisposable
{
    private readonly ServerConnection _connection = new(endpoint, handler, readerIsGone);

    public Uri Endpoint => _connection.Endpoint;

    public FunctionClient Functions => new(_connection);

    public DurableClient Durable => new(_connection);

    public void Dispose() => _connection.Dispose();

    public Task<JsonObject> InfoAsync(CancellationToken cancellationToken) =>
        _connection.GetAsync("/api/info", cancellationToken);

    public async Task<IReadOnlyList<Machine>> ListMachinesAsync(CancellationToken cancellationToken)
    {
        var machines = new List<Machine>();
        var input = JsonObject.Empty;
        while (true)
        {
            var page = await _connection.CallAsync("ListStateMachines", input, cancellationToken);
            machines.AddRange(page.Objects("stateMachines").Select(m => new Machine(m)));
            if (page["nextToken"] is not JsonString next)
            {
                return machines;
            }

            input = JsonObject.Of("nextToken", next);
        }
    }

    public async Task<Machine> DescribeMachineAsync(string arn, CancellationToken cancellationToken) =>
        new(await _connection.CallAsync(
            "DescribeStateMachine", JsonObject.Of("stateMachineArn", arn), cancellationToken));

    public async Task<string> CreateMachineAsync(string name, string definition, CancellationToken cancellationToken)
    {
        var input = JsonObject.Of(("name", name), ("definition", definition), ("roleArn", Role));
        var created = await _connection.CallAsync("CreateStateMachine", input, cancellationToken);
        return created.Required("stateMachineArn");
    }

    public Task UpdateMachineAsync(string arn, string definition, CancellationToken cancellationToken) =>
        _connection.CallAsync(
            "UpdateStateMachine",
            JsonObject.Of(("stateMachineArn", arn), ("definition", definition)),
            cancellationToken);

    /// <param name="request">The members of TestState.</param>
    public Task<JsonObject> TestStateAsync(JsonObject request, CancellationToken cancellationToken) =>
        _connection.CallAsync("TestState", request, cancellationToken);

    public Task CreateActivityAsync(string name, CancellationToken cancellationToken) =>
        _connection.CallAsync("CreateActivity", JsonObject.Of("name", name), cancellationToken);

    /// <param name="name">Null: the server makes one up.</param>
    public async Task<StartedExecution> StartExecutionAsync(
        string machineArn, string? name, string input, CancellationToken cancellationToken)
    {
        var request = JsonObject.Of(("stateMachineArn", machineArn), ("input", input));
        var started = await _connection.CallAsync(
            "StartExecution", name is null ? request : request.With("name", name), cancellationToken);
        return new StartedExecution(started.Required("executionArn"), started);
    }

    public async Task<Execution> DescribeExecutionAsync(string arn, CancellationToken cancellationToken) =>
        new(await _connection.CallAsync("DescribeExecution", JsonObject.Of("executionArn", arn), cancellationToken));

    /// <summary>Executions of one machine or of all, newest first.</summary>
    public async Task<IReadOnlyList<Execution>> ListExecutionsAsync(
        string? machineArn, string? status, int countMax, CancellationToken cancellationToken)
    {
        var query = new QueryText("/api/executions")
            .Add("machine", machineArn)
            .Add("status", status)
            .Add("limit", $"{countMax}");
        var found = await _connection.GetAsync(query.ToString(), cancellationToken);
        return [.. found.Objects("executions").Select(e => new Execution(e))];
    }

    public async Task<DateTimeOffset> StopExecutionAsync(
        string arn, string? error, string? cause, CancellationToken cancellationToken)
    {
        var request = Add(Add(JsonObject.Of("executionArn", arn), "error", error), "cause", cause);
        var stopped = await _connection.CallAsync("StopExecution", request, cancellationToken);
        return stopped.Time("stopDate") ?? default;
    }

    /// <summary>The history so far and, when following, what is added until the execution closes.</summary>
    public async IAsyncEnumerable<HistoryEvent> ReadHistoryAsync(
        string arn, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"/api/executions/{Uri.EscapeDataString(arn)}/events?follow={(follow ? "true" : "false")}";
        await foreach (var line in _connection.ReadLinesAsync(path, cancellationToken))
        {
            yield return new HistoryEvent(line);
        }
    }

    public async Task<IReadOnlyList<Callback>> ListCallbacksAsync(
        string? machineArn, string? executionName, int countMax, CancellationToken cancellationToken)
    {
        var query = new QueryText("/api/callbacks")
            .Add("machine", machineArn)
            .Add("execution", executionName)
            .Add("limit", $"{countMax}");
        var found = await _connection.GetAsync(query.ToString(), cancellationToken);
        return [.. found.Objects("callbacks").Select(c => new Callback(c))];
    }

    public Task SucceedTaskAsync(string taskToken, string output, CancellationToken cancellationToken) =>
        _connection.CallAsync(
            "SendTaskSuccess", JsonObject.Of(("taskToken", taskToken), ("output", output)), cancellationToken);

    public Task FailTaskAsync(string taskToken, string? error, string? cause, CancellationToken cancellationToken) =>
        _connection.CallAsync(
            "SendTaskFailure",
            Add(Add(JsonObject.Of("taskToken", taskToken), "error", error), "cause", cause),
            cancellationToken);

    public Task HeartbeatTaskAsync(string taskToken, CancellationToken cancellationToken) =>
        _connection.CallAsync("SendTaskHeartbeat", JsonObject.Of("taskToken", taskToken), cancellationToken);

    /// <summary>What a text stands for: an ARN, a name or the beginning of one.</summary>
    public async Task<IReadOnlyList<Match>> ResolveAsync(string text, string kind, CancellationToken cancellationToken)
    {
        var query = new QueryText("/api/resolve").Add("text", text).Add("kind", kind);
        var found = await _connection.GetAsync(query.ToString(), cancellationToken);
        return [.. found.Objects("matches")
            .Select(m => new Match(m.Required("kind"), m.Required("id"), m.Required("name")))];
    }

    /// <summary>Roles are not enforced, but AWS's API asks for one.</summary>
    public const string Role = "arn:aws:iam::000000000000:role/lungfish";

    private static JsonObject Add(JsonObject json, string name, string? value) =>
        value is null ? json : json.With(name, value);
}

/// <summary>A path with its query, built up from what is given.</summary>
internal sealed class QueryText(string path)
{
    private readonly StringBuilder _text = new(path);
    private char _separator = '?';

    public QueryText Add(string name, string? value)
    {
        if (value is not null)
        {
            _ = _text.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
        }

        return this;
    }

    public override string ToString() => _text.ToString();
}
