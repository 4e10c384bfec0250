using Lungfish.Durable.Deciding;
using Core = Lungfish.Durable;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>Invokes a function of the SDK as the service would, with the test's service behind it.</summary>
/// <param name="entryPoint">The function with those options.</param>
/// <param name="options">Made anew for each invocation, as a new process would.</param>
/// <param name="operationsPerPage">How many operations an envelope or a page holds.</param>
/// <param name="clock">The clock of the test.</param>
/// <param name="timeout">How long an invocation may last.</param>
internal sealed class SdkFunction(
    Func<DurableFunctionOptions, DurableEntryPoint> entryPoint,
    Func<DurableFunctionOptions> options,
    int operationsPerPage,
    VirtualClock clock,
    TimeSpan timeout)
{
    public async Task<InvocationOutcome> InvokeAsync(LocalInvocation invocation)
    {
        var first = Page(invocation.Seen.OperationsToReplay(), operationsPerPage);
        var envelope = new DurableExecutionInvocationInput
        {
            DurableExecutionArn = invocation.Execution.Arn,
            CheckpointToken = WireMapping.ToWire(invocation.Seen.Token),
            InitialExecutionState = first,
            UpdatedOperationIds = invocation.UpdatedOperationIds,
        };
        try
        {
            var own = options();
            own.ServiceClient = new Client(invocation, operationsPerPage);
            var context = new LocalLambdaContext(invocation, clock, timeout);
            var output = await entryPoint(own).InvokeAsync(envelope, context).ConfigureAwait(false);
            return output.Status switch
            {
                InvocationStatus.Succeeded => new ReturnedSuccess(output.Result),
                InvocationStatus.Failed => new ReturnedFailure(WireMapping.ToCore(output.Error)),
                _ => new ReturnedPending(),
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException) // The border to the function's code.
        {
            return new InvocationFaulted(
                WireMapping.ToCore(ErrorObject.FromException(exception)) ?? Core.ErrorObject.Empty);
        }
    }

    private static OperationPage Page(IEnumerable<Core.Operation> operations, int size)
    {
        var page = operations.Take(size + 1).ToList();
        return new OperationPage
        {
            Operations = [.. page.Take(size).Select(WireMapping.ToSdk)],
            NextMarker = page.Count > size ? $"{page[size].Sequence}" : null,
        };
    }

    private sealed class Client(LocalInvocation invocation, int operationsPerPage) : IDurableServiceClient
    {
        public async Task<CheckpointResult> CheckpointAsync(
            string durableExecutionArn,
            string checkpointToken,
            IReadOnlyList<OperationUpdate> updates,
            CancellationToken cancellationToken)
        {
            var answer = await invocation
                .CheckpointAsync(WireMapping.ToCore(checkpointToken), [.. updates.Select(WireMapping.ToCore)])
                .ConfigureAwait(false);
            return new CheckpointResult
            {
                CheckpointToken = answer.Token is { } token ? WireMapping.ToWire(token) : null,
                NewExecutionState = new OperationPage { Operations = [.. answer.Operations.Select(WireMapping.ToSdk)] },
            };
        }

        public async Task<OperationPage> GetStateAsync(
            string durableExecutionArn, string checkpointToken, string marker, CancellationToken cancellationToken)
        {
            var sequence = int.Parse(marker, System.Globalization.CultureInfo.InvariantCulture);
            var token = WireMapping.ToCore(checkpointToken);
            return Page(await invocation.ReadStateAsync(token, sequence).ConfigureAwait(false), operationsPerPage);
        }
    }
}

/// <summary>What the function learns of the invocation around it.</summary>
internal sealed class LocalLambdaContext(LocalInvocation invocation, VirtualClock clock, TimeSpan timeout)
    : ILambdaContext
{
    public string AwsRequestId => invocation.RequestId;

    public string FunctionName => invocation.Execution.Function.Name;

    public string FunctionVersion => LocalFunction.Version;

    public string InvokedFunctionArn => invocation.Execution.Function.Arn;

    public int MemoryLimitInMB => 128;

    public string LogGroupName => $"/aws/lambda/{FunctionName}";

    public string LogStreamName => "test";

    public string? TenantId => null;

    public string? TraceId => null;

    public TimeSpan RemainingTime => invocation.StartedAt + timeout - clock.GetUtcNow();
}
