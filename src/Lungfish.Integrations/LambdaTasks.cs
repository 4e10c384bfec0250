using Lungfish.Engine.Api;
using Lungfish.Engine.Tasks;
using Lungfish.Functions;
using Lungfish.Integrations.Lambda;

namespace Lungfish.Integrations;

/// <summary>The kinds of tasks that call functions.</summary>
/// <remarks>The engine takes its handlers before it is there; tasks that call durable functions wait until
/// <see cref="Connect"/>.</remarks>
public sealed class LambdaTasks
{
    private readonly FunctionCalls _calls;

    public LambdaTasks(FunctionService functions, TimeProvider time)
    {
        _calls = new FunctionCalls(functions);
        All = [new FunctionArnTask(_calls), new LambdaInvokeTask(_calls, time)];
    }

    public IReadOnlyList<ITaskHandler> All { get; }

    /// <summary>The engine has started.</summary>
    public void Connect(IDurableExecutions executions) => _calls.Connect(executions);
}
