using Lungfish.Engine.Tasks;
using Lungfish.Functions;
using Lungfish.Integrations.Lambda;

namespace Lungfish.Integrations;

/// <summary>The kinds of tasks that call functions.</summary>
public static class LambdaTasks
{
    public static IReadOnlyList<ITaskHandler> All(FunctionService functions, TimeProvider time) =>
        [new FunctionArnTask(functions), new LambdaInvokeTask(functions, time)];
}
