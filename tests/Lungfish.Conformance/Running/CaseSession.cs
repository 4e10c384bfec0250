using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Lungfish.Conformance.Cases;
using Lungfish.Conformance.Matching;
using Lungfish.Tests.Shared;

namespace Lungfish.Conformance.Running;

/// <summary>What one run of a case makes on the server, and takes away again.</summary>
internal sealed class CaseSession(
    RecordedCase recorded, AwsApi api, S3Api s3, MessagingApi messaging, CancellationToken cancellationToken)
    : IAsyncDisposable
{
    private static readonly TimeSpan s_caseTimeout = TimeSpan.FromMinutes(5);

    private readonly Stack<Func<Task>> _cleanup = new();
    private readonly string _runId = Guid.NewGuid().ToString("N")[..8];
    private readonly ConcurrentQueue<string> _executions = new(); // What goes on beside a case looks at them.

    public RecordedCase Recorded => recorded;

    public AwsApi Api => api;

    public Templates Templates { get; } = new("us-east-1", "000000000000");

    public CancellationToken CancellationToken => cancellationToken;

    public string MachineName => $"asl-{_runId}";

    public Bindings NewBindings()
    {
        var told = recorded.Json["bindings"] as JsonObject;
        return new Bindings(name => told?[name] is { } template ? Templates.FindBinding(template) : null);
    }

    public async Task CreateFunctionsAsync()
    {
        foreach (var function in recorded.Functions)
        {
            var id = Text(function, "name");
            var name = $"asl-{id}-{_runId}";
            var body = new JsonObject
            {
                ["FunctionName"] = name,
                ["Runtime"] = Text(function, "runtime"),
                ["Handler"] = Text(function, "handler"),
                ["Role"] = Templates.RoleArn,
                ["Timeout"] = int.Parse(function["timeout"]?.ToString() ?? "120", CultureInfo.InvariantCulture),
                ["Code"] = new JsonObject { ["ZipFile"] = ZipOf(Text(function, "handler"), Text(function, "code")) },
            };
            if (function["environment"] is JsonObject environment)
            {
                body["Environment"] = new JsonObject { ["Variables"] = environment.DeepClone() };
            }

            var answer = await api.LambdaAsync(HttpMethod.Post, "functions", body, cancellationToken);
            Templates.AddFunction(
                id,
                name,
                answer.IsSuccess ? Text(answer.Body, "FunctionArn") : throw new AwsApiException(answer));
            OnCleanup(() => api.LambdaAsync(HttpMethod.Delete, $"functions/{name}", null, CancellationToken.None));
            if (HasTimeoutThatNeverStrikes())
            {
                _ = await api.LambdaAsync(
                    HttpMethod.Post, $"functions/{name}/invocations", new JsonObject(), cancellationToken);
            }
        }
    }

    /// <summary>Such a time-out, of a second perhaps, is no race against the start of a process: it has
    /// started.</summary>
    private bool HasTimeoutThatNeverStrikes()
    {
        var text = recorded.Json.ToJsonString();
        return text.Contains("TimeoutSeconds", StringComparison.Ordinal)
            && !text.Contains("States.Timeout", StringComparison.Ordinal);
    }

    /// <summary>Calls a Step Functions action; what it made is taken away at the end of the case.</summary>
    public async Task<ApiAnswer> CallAsync(string action, JsonObject parameters)
    {
        var answer = await api.CallAsync(action, parameters, cancellationToken);
        if (!answer.IsSuccess)
        {
            return answer;
        }

        switch (action)
        {
            case "CreateStateMachine":
                Made("stateMachineArn", "DeleteStateMachine");
                break;
            case "CreateActivity":
                Made("activityArn", "DeleteActivity");
                break;
            case "StartExecution":
                var execution = Text(answer.Body, "executionArn");
                Templates.AddCreated(execution);
                _executions.Enqueue(execution);
                break;
        }

        return answer;

        void Made(string member, string deletingAction)
        {
            var arn = Text(answer.Body, member);
            Templates.AddCreated(arn);
            Templates.AddCreated(parameters["name"]?.GetValue<string>());
            OnCleanup(() => api.CallAsync(deletingAction, new JsonObject { [member] = arn }));
        }
    }

    /// <summary>Does a step that expects nothing: a call, a wait, or something beside the rest.</summary>
    public async Task DoAsync(JsonObject step)
    {
        if (step["call"]?.GetValue<string>() is ['s', '3', '.', .. var action])
        {
            await s3.CallAsync(action, ParametersOf(step), cancellationToken);
        }
        else if (step["call"]?.GetValue<string>() is { } call && call[..4] is "sqs." or "sns.")
        {
            var answer = await messaging.CallAsync(call, ParametersOf(step), cancellationToken);
            Templates.AddAnswer(Text(step, "id"), answer);
        }
        else if (step.ContainsKey("call"))
        {
            var answer = await CallAsync(ActionOf(step), ParametersOf(step));
            Templates.AddAnswer(Text(step, "id"), answer.IsSuccess ? answer.Body : throw new AwsApiException(answer));
        }
        else if (step["wait"]?.GetValue<string>() is { } awaited)
        {
            await WaitAsync(awaited, Templates.Text(Text(step, "executionArn")), step["status"]?.GetValue<string>());
        }
        else if (step["sleep"] is { } seconds)
        {
            const double secondsMax = 5; // As the recordings' README asks.
            var pause = Math.Min(secondsMax, double.Parse(seconds.ToString(), CultureInfo.InvariantCulture));
            await Task.Delay(TimeSpan.FromSeconds(pause), cancellationToken);
        }
        else if (step["activityWorker"] is JsonObject worker)
        {
            Begin(stopping => WorkAsync(worker, stopping));
        }
        else if (step["sqsResponder"] is JsonObject responder)
        {
            Begin(stopping => RespondAsync(responder, stopping));
        }
        else if (step["background"] is JsonArray steps)
        {
            Begin(stopping => DoBesideAsync(steps.OfType<JsonObject>(), stopping));
        }
        else
        {
            throw new NotSupportedException($"A step of {string.Join(", ", step.Select(member => member.Key))}.");
        }
    }

    public JsonObject ParametersOf(JsonObject step) => Templates.Evaluate(step["params"])?.AsObject() ?? [];

    /// <summary>Polls until the execution has ended, or has the status that is waited for.</summary>
    public Task<JsonObject> WaitForExecutionAsync(string executionArn, string? status = null) => Poll.ForAsync(
        async () =>
        {
            var request = new JsonObject { ["executionArn"] = executionArn };
            var execution = await api.GetAsync("DescribeExecution", request, cancellationToken);
            var now = Text(execution, "status");
            var isThere = status is null ? now is not "RUNNING" : string.Equals(now, status, StringComparison.Ordinal);
            return isThere ? execution : null;
        },
        s_caseTimeout,
        $"the end of {executionArn}");

    public async Task<JsonArray> GetHistoryAsync(string executionArn)
    {
        var events = new JsonArray();
        string? nextToken = null;
        do
        {
            var request = new JsonObject { ["executionArn"] = executionArn, ["maxResults"] = 1000 };
            if (nextToken is not null)
            {
                request["nextToken"] = nextToken;
            }

            var page = await api.GetAsync("GetExecutionHistory", request, cancellationToken);
            foreach (var item in page["events"]?.AsArray() ?? [])
            {
                events.Add(JsonText.AsRecorded(item));
            }

            nextToken = page["nextToken"]?.GetValue<string>();
        }
        while (nextToken is not null);
        return events;
    }

    public void OnCleanup(Func<Task> action) => _cleanup.Push(action);

    public async ValueTask DisposeAsync()
    {
        while (_cleanup.TryPop(out var action))
        {
            await action();
        }
    }

    public static string ActionOf(JsonObject step) => Text(step, "call").Split('.')[^1];

    public static string Text(JsonObject json, string name) =>
        json[name]?.GetValue<string>() ?? throw new InvalidDataException($"No {name} in {json.ToJsonString()}.");

    private async Task WaitAsync(string awaited, string executionArn, string? status)
    {
        var until = awaited switch
        {
            "terminated" => null,
            "aborted" => "ABORTED",
            "status" => status?.Split('.')[^1],
            "started" or "events" => "",
            _ => throw new NotSupportedException($"Waiting for {awaited}."),
        };
        if (until is not "")
        {
            await WaitForExecutionAsync(executionArn, until);
        }
    }

    /// <summary>Does something beside the rest until it is done or the case is.</summary>
    private void Begin(Func<CancellationToken, Task> doAsync)
    {
        var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = doAsync(stopping.Token);
        OnCleanup(async () =>
        {
            await stopping.CancelAsync();
            try
            {
                await work;
            }
            catch (OperationCanceledException)
            {
                // Nothing was waiting for it any more.
            }

            stopping.Dispose();
        });
    }

    private async Task WorkAsync(JsonObject worker, CancellationToken stopping)
    {
        var request = new JsonObject { ["activityArn"] = Templates.Evaluate(worker["activityArn"]) };
        if (worker["workerName"] is { } name)
        {
            request["workerName"] = name.DeepClone();
        }

        JsonObject task;
        do
        {
            task = await api.GetAsync("GetActivityTask", request, stopping);
        }
        while (task["taskToken"] is null);

        foreach (var action in worker["actions"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            var body = new JsonObject { ["taskToken"] = Text(task, "taskToken") };
            foreach (var (key, value) in action.Where(member => member.Key is not "op"))
            {
                body[key] = value?.ToString() is "{{task.input}}" ? task["input"]?.DeepClone() : value?.DeepClone();
            }

            await api.GetAsync(Text(action, "op"), body, stopping);
        }
    }

    /// <summary>Answers every task whose token comes over the queue.</summary>
    private async Task RespondAsync(JsonObject responder, CancellationToken stopping)
    {
        var queue = Templates.Text(Text(responder, "queueUrl"));
        while (true)
        {
            foreach (var received in await messaging.ReceiveAsync(queue, stopping))
            {
                if (JsonText.Find(received?["Body"]?.GetValue<string>() ?? "") is JsonObject message
                    && message.ContainsKey("TaskToken"))
                {
                    Begin(ending => AnswerAsync(responder, message, ending));
                }
            }
        }
    }

    private async Task AnswerAsync(JsonObject responder, JsonObject message, CancellationToken stopping)
    {
        var templates = new Templates("us-east-1", "000000000000");
        templates.AddAnswer("message", message);
        foreach (var action in responder["actions"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            var operation = Text(action, "op");
            if (operation is "sleep")
            {
                await Task.Delay(TimeSpan.FromSeconds(action["seconds"]?.GetValue<double>() ?? 0), stopping);
                continue;
            }

            var body = new JsonObject { ["taskToken"] = Text(message, "TaskToken") };
            foreach (var (key, value) in action.Where(member => member.Key is not "op"))
            {
                body[key] = templates.Text(value?.GetValue<string>() ?? "");
            }

            await AwaitSubmittedAsync(body);
            await api.GetAsync(operation, body, stopping);
        }
    }

    private async Task DoBesideAsync(IEnumerable<JsonObject> steps, CancellationToken stopping)
    {
        foreach (var step in steps)
        {
            if (step["call"]?.GetValue<string>() is "sqs.ReceiveMessage")
            {
                var queue = Text(ParametersOf(step), "QueueUrl");
                var messages = await messaging.ReceiveAsync(queue, stopping);
                Templates.AddAnswer(Text(step, "id"), new JsonObject { ["Messages"] = messages.DeepClone() });
            }
            else
            {
                if (ParametersOf(step).ContainsKey("taskToken"))
                {
                    await AwaitSubmittedAsync(ParametersOf(step));
                }

                await DoAsync(step);
            }
        }
    }

    /// <summary>A queue hands a message out before the server has the queue's answer. Who used its token at once would
    /// be faster than any worker of the recordings, and end a task that the history does not show as
    /// submitted.</summary>
    private Task AwaitSubmittedAsync(JsonObject callback) => Poll.UntilAsync(
        async () =>
        {
            foreach (var execution in _executions)
            {
                if (TokenTask.IsSubmitted(await GetHistoryAsync(execution), Text(callback, "taskToken")))
                {
                    return true;
                }
            }

            return false;
        },
        s_caseTimeout,
        $"the submission of the task that {callback.ToJsonString()} is for");

    private static string ZipOf(string handler, string code)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var writer =
                new StreamWriter(zip.CreateEntry(handler[..handler.LastIndexOf('.')].Replace('.', '/') + ".py").Open());
            writer.Write(code);
        }

        return Convert.ToBase64String(buffer.ToArray());
    }
}
