using System.Globalization;

namespace Lungfish.DurableFunctions.Tests;

/// <summary>The service in memory: applies checkpoints as the protocol says; its clock moves when it is told.</summary>
internal sealed class FakeService : IDurableServiceClient
{
    public const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST/durable-execution/test/exec-1";

    private readonly Lock _lock = new();
    private readonly List<Operation> _operations = [];
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
    private List<Operation> _all = [];
    private int _token;
    private int _callsNow;

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>One line for each update, as <c>STEP START 1</c>.</summary>
    public List<string> Updates { get; } = [];

    /// <summary>How many updates came in each call.</summary>
    public List<int> Calls { get; } = [];

    public List<OperationUpdate> AllUpdates { get; } = [];

    public string? FinalPayload { get; private set; }

    /// <summary>Called before each checkpoint is applied; what it throws is the answer.</summary>
    public Action<IReadOnlyList<OperationUpdate>>? OnCheckpoint { get; set; }

    /// <summary>Awaited before each checkpoint is applied.</summary>
    public Func<Task>? Delay { get; set; }

    public int MaxCallsAtOnce { get; private set; }

    public int PageSize { get; set; } = int.MaxValue;

    public Operation this[string id] => Get(id);

    public IEnumerable<Operation> Operations => _operations;

    public DurableExecutionInvocationInput Envelope(string inputJson = "null", params string[] updated)
    {
        lock (_lock)
        {
            CompleteDue();
            var execution = new Operation
            {
                Id = "exec-1",
                Type = OperationTypes.Execution,
                Status = OperationStatuses.Started,
                StartTimestamp = Now,
                ExecutionDetails = new ExecutionDetails { InputPayload = inputJson },
            };
            _all = [execution, .. _operations];
            _shown.Clear();
            foreach (var operation in _operations)
            {
                _shown.Add(Version(operation));
            }

            return new DurableExecutionInvocationInput
            {
                DurableExecutionArn = Arn,
                CheckpointToken = NextToken(),
                InitialExecutionState = Page(_all, 0),
                UpdatedOperationIds = updated,
            };
        }
    }

    public void Advance(TimeSpan time)
    {
        lock (_lock)
        {
            Now += time;
        }
    }

    public void CompleteCallback(string id, string? result) => Change(id, operation => With(
        operation,
        OperationStatuses.Succeeded,
        callback: new CallbackDetails { CallbackId = operation.CallbackDetails?.CallbackId, Result = result }));

    public void FailCallback(string id, string status, ErrorObject error) => Change(id, operation => With(
        operation,
        status,
        callback: new CallbackDetails { CallbackId = operation.CallbackDetails?.CallbackId, Error = error }));

    public void CompleteInvoke(string id, string status, string? result = null, ErrorObject? error = null) =>
        Change(id, operation => With(
            operation, status, invoke: new ChainedInvokeDetails { Result = result, Error = error }));

    /// <summary>Forgets an operation, as if the process had died before its update arrived.</summary>
    public void Forget(string id)
    {
        lock (_lock)
        {
            _operations.RemoveAll(operation => operation.Id == id);
        }
    }

    public void Put(Operation operation)
    {
        lock (_lock)
        {
            _operations.RemoveAll(known => known.Id == operation.Id);
            _operations.Add(operation);
        }
    }

    public async Task<CheckpointResult> CheckpointAsync(
        string durableExecutionArn,
        string checkpointToken,
        IReadOnlyList<OperationUpdate> updates,
        CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            MaxCallsAtOnce = Math.Max(MaxCallsAtOnce, ++_callsNow);
        }

        if (Delay is { } delay)
        {
            await delay();
        }

        lock (_lock)
        {
            _callsNow--;
            OnCheckpoint?.Invoke(updates);
            if (checkpointToken != _token.ToString(CultureInfo.InvariantCulture))
            {
                throw new DurableServiceException(
                    "Invalid Checkpoint Token", "InvalidParameterValueException", 400);
            }

            Calls.Add(updates.Count);
            foreach (var update in updates)
            {
                Updates.Add($"{update.Type} {update.Action} {update.Id}");
                AllUpdates.Add(update);
                Apply(update);
            }

            CompleteDue();
            var changed = _operations.Where(operation => _shown.Add(Version(operation))).ToList();
            return new CheckpointResult
            {
                CheckpointToken = NextToken(),
                NewExecutionState = new OperationPage { Operations = changed },
            };
        }
    }

    public Task<OperationPage> GetStateAsync(
        string durableExecutionArn, string checkpointToken, string marker, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Page(_all, int.Parse(marker, CultureInfo.InvariantCulture)));
        }
    }

    private OperationPage Page(List<Operation> all, int from)
    {
        var page = all.Skip(from).Take(PageSize).ToList();
        var next = from + page.Count;
        return new OperationPage
        {
            Operations = page,
            NextMarker = next < all.Count ? next.ToString(CultureInfo.InvariantCulture) : null,
        };
    }

    private static string Version(Operation operation) =>
        $"{operation.Id}/{operation.Status}/{operation.StepDetails?.Attempt}";

    private string NextToken() => (++_token).ToString(CultureInfo.InvariantCulture);

    private Operation Get(string id)
    {
        lock (_lock)
        {
            return _operations.Single(operation => operation.Id == id);
        }
    }

    private void Change(string id, Func<Operation, Operation> change)
    {
        lock (_lock)
        {
            var index = _operations.FindIndex(operation => operation.Id == id);
            _operations[index] = change(_operations[index]);
        }
    }

    private void CompleteDue()
    {
        for (var i = 0; i < _operations.Count; i++)
        {
            var operation = _operations[i];
            if (operation is { Type: OperationTypes.Wait, Status: OperationStatuses.Started }
                && operation.WaitDetails?.ScheduledEndTimestamp <= Now)
            {
                _operations[i] = With(operation, OperationStatuses.Succeeded);
            }
            else if (operation is { Status: OperationStatuses.Pending }
                && operation.StepDetails?.NextAttemptTimestamp <= Now)
            {
                _operations[i] = With(operation, OperationStatuses.Ready);
            }
        }
    }

    private void Apply(OperationUpdate update)
    {
        if (update.Type == OperationTypes.Execution)
        {
            FinalPayload = update.Payload;
            return;
        }

        var index = _operations.FindIndex(operation => operation.Id == update.Id);
        var known = index < 0 ? null : _operations[index];
        if (update.Action == OperationActions.Start && known is not null and not { Status: OperationStatuses.Ready })
        {
            throw new DurableServiceException(
                $"{update.Id} exists", "InvalidParameterValueException", 400);
        }

        var now = known ?? New(update);
        var attempt = now.StepDetails?.Attempt ?? 0;
        var changed = (update.Type, update.Action) switch
        {
            (_, OperationActions.Start) => With(now, OperationStatuses.Started),
            (OperationTypes.Step, OperationActions.Retry) => With(
                now,
                OperationStatuses.Pending,
                step: new StepDetails
                {
                    Attempt = attempt + 1,
                    NextAttemptTimestamp = Now.AddSeconds(update.NextAttemptDelaySeconds ?? 0),
                    Error = update.Error,
                    Result = update.Payload,
                }),
            (OperationTypes.Step, OperationActions.Succeed) => With(
                now,
                OperationStatuses.Succeeded,
                step: new StepDetails { Attempt = attempt + 1, Result = update.Payload }),
            (OperationTypes.Step, OperationActions.Fail) => With(
                now,
                OperationStatuses.Failed,
                step: new StepDetails { Attempt = attempt + 1, Error = update.Error }),
            (OperationTypes.Context, OperationActions.Succeed) => With(
                now,
                OperationStatuses.Succeeded,
                context: new ContextDetails
                {
                    Result = update.Payload,
                    ReplayChildren = update.ReplayChildren ?? false,
                }),
            (OperationTypes.Context, OperationActions.Fail) => With(
                now, OperationStatuses.Failed, context: new ContextDetails { Error = update.Error }),
            var other => throw new InvalidOperationException(other.ToString()),
        };
        if (index < 0)
        {
            _operations.Add(changed);
        }
        else
        {
            _operations[index] = changed;
        }
    }

    private Operation New(OperationUpdate update) => new()
    {
        Id = update.Id,
        Type = update.Type,
        Status = OperationStatuses.Started,
        SubType = update.SubType,
        Name = update.Name,
        ParentId = update.ParentId,
        StartTimestamp = Now,
        WaitDetails = update.WaitSeconds is { } seconds
            ? new WaitDetails { ScheduledEndTimestamp = Now.AddSeconds(seconds) }
            : null,
        CallbackDetails = update.Type == OperationTypes.Callback
            ? new CallbackDetails { CallbackId = "cb-" + update.Id }
            : null,
    };

    private Operation With(
        Operation operation,
        string status,
        StepDetails? step = null,
        ContextDetails? context = null,
        CallbackDetails? callback = null,
        ChainedInvokeDetails? invoke = null) => new()
        {
            Id = operation.Id,
            Type = operation.Type,
            Status = status,
            SubType = operation.SubType,
            Name = operation.Name,
            ParentId = operation.ParentId,
            StartTimestamp = operation.StartTimestamp,
            EndTimestamp = OperationStatuses.IsTerminal(status) ? Now : null,
            WaitDetails = operation.WaitDetails,
            StepDetails = step ?? operation.StepDetails,
            ContextDetails = context ?? operation.ContextDetails,
            CallbackDetails = callback ?? operation.CallbackDetails,
            ChainedInvokeDetails = invoke ?? operation.ChainedInvokeDetails,
        };
}
