using Lungfish.Durable.Deciding;
using Core = Lungfish.Durable;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>The functions of a test, as the decider asks for them.</summary>
internal sealed class LocalFunctions : ISurroundings
{
    private readonly Lock _gate = new();
    private readonly List<LocalFunction> _all = [];

    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public void Register(LocalFunction function)
    {
        lock (_gate)
        {
            if (_all.Exists(other => other.Name == function.Name))
            {
                throw new ArgumentException($"A function '{function.Name}' is registered already.", nameof(function));
            }

            _all.Add(function);
        }
    }

    public LocalFunction? FindByArn(string functionArn)
    {
        lock (_gate)
        {
            return _all.Find(function => function.Arn == functionArn);
        }
    }

    public string CallbackId(Core.DurableIdentity execution, int sequence) =>
        CallbackIds.Write(execution.Id, sequence);

    public InvokeTarget? FindTarget(string functionName, ulong chance)
    {
        lock (_gate)
        {
            if (_all.Find(function => function.Answers(functionName)) is not { } function)
            {
                return null;
            }

            var isDurable = function is DurableLocalFunction;
            var isRefused = isDurable && !LocalFunction.IsQualified(functionName);
            return new InvokeTarget(function.Arn, LocalFunction.Version, isDurable, isRefused ? Unqualified : null);
        }
    }

    private static Core.ErrorObject Unqualified => new()
    {
        ErrorType = "InvalidParameterValueException",
        ErrorMessage = "You cannot invoke a durable function using an unqualified ARN.",
    };
}
