using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lungfish.Durable.Deciding;
using Core = Lungfish.Durable;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>
/// The service that a test's function talks to: a small shell around the decider of the server. It has one lock
/// instead of partitions and a memory instead of a journal, and everything that it decides is the decider's word.
/// </summary>
/// <remarks>Invocations run as tasks of their own. Time does not move here: see <see cref="LocalDriver"/>.</remarks>
internal sealed class LocalService(VirtualClock clock, ulong seed, LocalLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LocalExecution> _executions = new(StringComparer.Ordinal);
    private readonly Queue<(LocalExecution Execution, Message Message)> _followUps = [];
    private ulong _starts;

    /// <summary>Told, under the lock, of each callback that begins to wait.</summary>
    public Action<LocalExecution, Core.Operation>? CallbackOffered { get; set; }

    /// <summary>The moment at which the service has something to do by itself, or null.</summary>
    /// <remarks>The time-out of an execution counts only if the test asked for one.</remarks>
    public DateTimeOffset? NextDueAt
    {
        get
        {
            lock (_gate)
            {
                return _executions.Values.Where(execution => !execution.HasEnded).Min(NextDueOf);
            }
        }
    }

    /// <summary>Starts an execution, or finds the one of that name.</summary>
    /// <exception cref="DurableServiceException">It is no name, or that of an execution of another input.</exception>
    public LocalExecution Start(DurableLocalFunction function, string? name, string? input, FaultPlan faults)
    {
        LocalExecution.CheckName(name);
        lock (_gate)
        {
            var id = new Guid(Digits(seed, ++_starts), bigEndian: true).ToString();
            var existing = name is null
                ? null
                : _executions.Values.FirstOrDefault(other => other.Function == function && other.Name == name);
            if (existing is not null)
            {
                return existing.State.Input == input
                    ? existing
                    : throw new DurableServiceException(
                        "A durable execution with this name and another input has already been started: "
                        + existing.Arn,
                        "DurableExecutionAlreadyStartedException",
                        409);
            }

            var arn = $"{function.Arn}/durable-execution/{name ?? id}/{id}";
            var execution = new LocalExecution(function, arn, name ?? id, id)
            {
                Faults = faults,
                Flow = ExecutionContext.Capture(),
            };
            Begin(execution, input, parentArn: null);
            Drain();
            return execution;
        }
    }

    /// <summary>Has the decider decide on a message, and carries out what follows.</summary>
    public Decision Post(LocalExecution execution, Message message)
    {
        lock (_gate)
        {
            var decision = Step(execution, message);
            Drain();
            return decision;
        }
    }

    /// <summary>The state and the history of one moment.</summary>
    public (DurableExecution State, IReadOnlyList<Core.Journal.HistoryEvent> History) Read(LocalExecution execution)
    {
        lock (_gate)
        {
            return (execution.State, execution.History);
        }
    }

    /// <summary>The invocation that runs, or null.</summary>
    public LocalInvocation? RunningInvocation(LocalExecution execution)
    {
        lock (_gate)
        {
            return execution.State.Running is null ? null : execution.Invocation;
        }
    }

    /// <summary>The operations from a place on, as long as <paramref name="token"/> is the current one.</summary>
    public ImmutableArray<Core.Operation> ReadState(LocalExecution execution, CheckpointToken token, int fromSequence)
    {
        lock (_gate)
        {
            return execution.State.Running is not null && execution.State.Token == token
                ? [.. execution.State.OperationsToReplay(fromSequence)]
                : throw Refused(new Refusal(
                    "InvalidParameterValueException", "Invalid Checkpoint Token: it is not the current one."));
        }
    }

    /// <summary>Counts a request and its updates, and tells what is to go wrong at which of them.</summary>
    public (int Request, FaultKind? Fault, int Index) TakeFault(
        LocalExecution execution, ImmutableArray<Core.OperationUpdate> updates)
    {
        lock (_gate)
        {
            var request = ++execution.Requests;
            var before = execution.Updates;
            execution.Updates += updates.Length;
            for (var i = 0; i < updates.Length; i++)
            {
                var action = WireNames.Of(updates[i].Action);
                if (execution.Faults.Take(before + i + 1, updates[i].Name, action) is { } fault)
                {
                    // What comes after a crash has not been reported.
                    execution.Updates = fault is FaultKind.CrashBefore or FaultKind.CrashAfter
                        ? before + i + 1
                        : execution.Updates;
                    return (request, fault, i);
                }
            }

            return (request, null, 0);
        }
    }

    /// <summary>What runs, and whether something has happened.</summary>
    public RunningWork Running { get; } = new();

    /// <summary>The functions that can be started and invoked.</summary>
    public LocalFunctions Functions { get; } = new();

    /// <summary>The callback that an id stands for.</summary>
    /// <exception cref="DurableServiceException">It stands for none.</exception>
    public (LocalExecution Execution, int Sequence) FindCallback(string callbackId)
    {
        if (CallbackIds.TryRead(callbackId, out var id, out var sequence))
        {
            lock (_gate)
            {
                if (_executions.Values.FirstOrDefault(execution => execution.Id == id) is { } execution)
                {
                    return (execution, sequence);
                }
            }
        }

        throw new DurableServiceException(
            $"No execution of this test has the callback '{callbackId}'.", "InvalidParameterValueException", 400);
    }

    public static DurableServiceException Refused(Refusal? refusal) =>
        new(refusal?.Message ?? "The service gave no answer.", refusal?.Code, 400);

    private static byte[] Digits(ulong high, ulong low)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), low);
        return bytes;
    }

    private void Begin(LocalExecution execution, string? input, string? parentArn)
    {
        _executions.Add(execution.Arn, execution);
        _followUps.Enqueue((execution, new Start(
            new Core.DurableIdentity
            {
                Arn = execution.Arn,
                Name = execution.Name,
                Id = execution.Id,
                FunctionArn = execution.Function.Arn,
                Version = LocalFunction.Version,
                ExecutionTimeoutSeconds = limits.ExecutionTimeoutSeconds,
                RetentionDays = 1,
                ParentArn = parentArn,
            },
            input)));
    }

    private void Drain()
    {
        while (_followUps.TryDequeue(out var next))
        {
            Step(next.Execution, next.Message);
        }
    }

    private Decision Step(LocalExecution execution, Message message)
    {
        // One seed for all: the decider draws by purpose and number, so it depends on nobody's timing.
        var decision = DurableDecider.Decide(execution.State, message, clock.GetUtcNow(), new Seed(seed), Functions);
        execution.Adopt(decision);
        Running.Changed();
        foreach (var effect in decision.Effects)
        {
            CarryOut(execution, effect);
        }

        Rearm(execution, message);
        Report(execution);
        return decision;
    }

    private void CarryOut(LocalExecution execution, Effect effect)
    {
        switch (effect)
        {
            case InvokeFunction invoke:
                Invoke(execution, invoke);
                break;
            case SendInvoke send:
                Send(execution, send.Operation);
                break;
            case OfferCallback offer:
                CallbackOffered?.Invoke(execution, offer.Operation);
                break;
            default:
                break; // Nobody but the decider remembers open callbacks here, and targets go on by themselves.
        }
    }

    private void Invoke(LocalExecution execution, InvokeFunction effect)
    {
        var invocation = new LocalInvocation(this, execution, effect);
        execution.Invocation = invocation;
        Work(execution, async () =>
        {
            using var timeout = clock.CreateTimer(
                _ => invocation.Die(TimedOut(invocation)), null, limits.FunctionTimeout, Timeout.InfiniteTimeSpan);
            var body = execution.Function.InvokeAsync(invocation);
            await Task.WhenAny(body, invocation.Died).ConfigureAwait(false);
            return new InvocationEnded(invocation.Number, invocation.IsDead
                ? new InvocationFaulted(await invocation.Died.ConfigureAwait(false))
                : await body.ConfigureAwait(false));
        });
    }

    private void Send(LocalExecution execution, Core.Operation operation)
    {
        if (operation.Target is not { FunctionArn: { } functionArn } target)
        {
            return; // There is no such function: the decider has failed the operation.
        }

        var function = Functions.FindByArn(functionArn);
        switch (function)
        {
            case PlainLocalFunction plain:
                Work(execution, async () => await CallAsync(plain, operation).ConfigureAwait(false));
                break;

            case DurableLocalFunction durable when target.DurableExecutionArn is { } arn
                && !_executions.ContainsKey(arn):
                var segments = arn.Split('/');
                Begin(
                    new LocalExecution(durable, arn, segments[^2], segments[^1])
                    {
                        Caller = (execution, operation.Sequence),
                        Flow = execution.Flow,
                    },
                    target.Input,
                    execution.Arn);
                break;

            default:
                break; // It runs already: the wish was repeated.
        }
    }

    private static async Task<Message> CallAsync(PlainLocalFunction function, Core.Operation operation)
    {
        try
        {
            var result = await function.InvokeAsync(operation.Target?.Input).ConfigureAwait(false);
            return new ChainedInvokeEnded(operation.Sequence, Core.OperationStatus.Succeeded, result, Error: null);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException) // The border to the test's code.
        {
            return new ChainedInvokeEnded(
                operation.Sequence,
                Core.OperationStatus.Failed,
                Payload: null,
                WireMapping.ToCore(ErrorObject.FromException(exception)));
        }
    }

    /// <summary>Runs something as a task of its own, and posts what came of it.</summary>
    private void Work(LocalExecution execution, Func<Task<Message>> run)
    {
        Running.Begin();

        void Start() => _ = Task.Run(async () =>
        {
            try
            {
                var message = await run().ConfigureAwait(false);
                lock (_gate)
                {
                    Step(execution, message);
                    Drain();
                    Running.End();
                }
            }
            catch (Exception exception) // A bug of this service: whoever waits for the run must see it.
            {
                Running.Break(exception);
            }
        });

        // In the context of the test: not in that of whoever happens to post the message before.
        if (execution.Flow is { } flow)
        {
            ExecutionContext.Run(flow, static start => ((Action?)start)?.Invoke(), (Action)Start);
        }
        else
        {
            Start();
        }
    }

    private void Rearm(LocalExecution execution, Message message)
    {
        var due = execution.HasEnded ? null : execution.State.NextDueAt;
        if (due <= clock.GetUtcNow())
        {
            Debug.Assert(message is not TimersDue, "What is due has been decided.");
            _followUps.Enqueue((execution, new TimersDue()));
            return;
        }

        execution.Wake ??= clock.CreateTimer(
            _ => Post(execution, new TimersDue()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        execution.Wake.Change(
            due is { } moment ? moment - clock.GetUtcNow() : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Report(LocalExecution execution)
    {
        if (execution.Caller is not { } caller || !execution.HasEnded || execution.IsReported)
        {
            return;
        }

        execution.IsReported = true;
        var status = execution.State.Status switch
        {
            Core.DurableStatus.Succeeded => Core.OperationStatus.Succeeded,
            Core.DurableStatus.TimedOut => Core.OperationStatus.TimedOut,
            Core.DurableStatus.Stopped => Core.OperationStatus.Stopped,
            _ => Core.OperationStatus.Failed,
        };
        _followUps.Enqueue((caller.Execution, new ChainedInvokeEnded(
            caller.Sequence, status, execution.State.Result, execution.State.Error)));
    }

    private DateTimeOffset? NextDueOf(LocalExecution execution)
    {
        var due = execution.State.NextDueAt;
        var end = execution.State.StartedAt.AddSeconds(limits.ExecutionTimeoutSeconds);
        return due == end && !limits.IsExecutionTimeoutAsked ? null : due;
    }

    private Core.ErrorObject TimedOut(LocalInvocation invocation) => new()
    {
        ErrorType = "Sandbox.Timedout",
        ErrorMessage = string.Create(
            CultureInfo.InvariantCulture,
            $"RequestId: {invocation.RequestId} Error: Task timed out after "
            + $"{limits.FunctionTimeout.TotalSeconds:0.00} seconds"),
    };
}

/// <param name="ExecutionTimeoutSeconds">Of every execution.</param>
/// <param name="IsExecutionTimeoutAsked">The test gave it; otherwise the clock never moves there by itself.</param>
/// <param name="FunctionTimeout">Of one invocation.</param>
internal sealed record LocalLimits(int ExecutionTimeoutSeconds, bool IsExecutionTimeoutAsked, TimeSpan FunctionTimeout);
