using System.Collections.Immutable;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.DurableFunctions.Testing.Local;
using Core = Lungfish.Durable;

namespace Lungfish.DurableFunctions.Testing.Tests.Local;

/// <summary>A service with functions that speak checkpoints themselves: what is tested is the service alone.</summary>
internal sealed class Script
{
    private readonly FaultPlan _faults = new();

    public Script(bool skipTime = true, TimeSpan? realTimeLimit = null)
    {
        Service = new LocalService(
            Clock, seed: 7, new LocalLimits(31_622_400, IsExecutionTimeoutAsked: false, TimeSpan.FromMinutes(15)));
        Driver = new LocalDriver(
            Service,
            Clock,
            JsonCheckpointSerializer.Default,
            skipTime,
            realTimeLimit ?? TimeSpan.FromSeconds(30));
        Service.CallbackOffered = Driver.Offer;
    }

    public VirtualClock Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public LocalService Service { get; }

    public LocalDriver Driver { get; }

    public InjectedFault Inject(FaultKind kind, CheckpointPlace place) => _faults.Add(kind, place, times: 1);

    public LocalExecution Start(
        Func<Turn, Task<InvocationOutcome>> body, string? name = null, string? input = "{}")
    {
        var function = new DurableLocalFunction("scripted", async invocation =>
        {
            try
            {
                return await body(new Turn(invocation));
            }
            catch (DurableServiceException exception)
            {
                return new InvocationFaulted(new Core.ErrorObject { ErrorMessage = exception.Message });
            }
        });
        Service.Functions.Register(function);
        return Service.Start(function, name, input, _faults);
    }

    public Task RunToEndAsync(LocalExecution execution) => Driver.RunUntilAsync(
        execution, () => execution.HasEnded, "its end", TestContext.Current.CancellationToken);

    public IEnumerable<string> EventsOf(LocalExecution execution) =>
        Service.Read(execution).History.Select(happened => happened.Type.ToString());

    /// <summary>One invocation, with the token that goes from checkpoint to checkpoint.</summary>
    internal sealed class Turn(LocalInvocation invocation)
    {
        private CheckpointToken _token = invocation.Seen.Token;

        public LocalInvocation Invocation { get; } = invocation;

        public Core.Operation? Seen(string id) => Invocation.Seen.Find(id);

        public async Task<ImmutableArray<Core.Operation>> ReportAsync(params Core.OperationUpdate[] updates)
        {
            var answer = await Invocation.CheckpointAsync(_token, [.. updates]);
            _token = answer.Token ?? _token;
            return answer.Operations;
        }
    }

    public static Core.OperationUpdate StepStart(string name) => new()
    {
        Id = name,
        Name = name,
        Type = OperationType.Step,
        SubType = "Step",
        Action = OperationAction.Start,
    };

    public static Core.OperationUpdate StepSucceed(string name, string payload) => new()
    {
        Id = name,
        Name = name,
        Type = OperationType.Step,
        SubType = "Step",
        Action = OperationAction.Succeed,
        Payload = payload,
    };

    public static Core.OperationUpdate Wait(string name, int seconds) => new()
    {
        Id = name,
        Name = name,
        Type = OperationType.Wait,
        SubType = "Wait",
        Action = OperationAction.Start,
        WaitSeconds = seconds,
    };

    public static Core.OperationUpdate Callback(string name, int? timeoutSeconds = null) => new()
    {
        Id = name,
        Name = name,
        Type = OperationType.Callback,
        SubType = "Callback",
        Action = OperationAction.Start,
        TimeoutSeconds = timeoutSeconds,
    };

    public static Core.OperationUpdate Invoke(string name, string function, string payload) => new()
    {
        Id = name,
        Name = name,
        Type = OperationType.ChainedInvoke,
        SubType = "ChainedInvoke",
        Action = OperationAction.Start,
        FunctionName = function,
        Payload = payload,
    };
}
