using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions;

internal sealed class StepContext(DurableContext context, OperationKey key, int attempt)
    : IStepContext, IConditionCheckContext, IWaitForCallbackContext
{
    public ILogger Logger => field ??= context.LoggerOf(key, attempt);

    public int AttemptNumber => attempt;

    public string OperationId => key.Id;
}
