namespace Lungfish.DurableFunctions.Testing;

/// <summary>
/// Says which update of an execution is meant: an update is a line of a checkpoint, such as the start of a step or its
/// result.
/// </summary>
/// <remarks>Updates are counted, not the requests that carry them: how many go in one request is a matter of timing,
/// their order in a workflow without branches is not.</remarks>
public sealed class CheckpointPlace
{
    private readonly string _words;
    private readonly int _number;
    private readonly string? _operationName;
    private readonly string? _action;

    private CheckpointPlace(string words, int number, string? operationName = null, string? action = null) =>
        (_words, _number, _operationName, _action) = (words, number, operationName, action);

    /// <summary>The update of that number.</summary>
    /// <param name="number">From 1, through all invocations of the execution.</param>
    public static CheckpointPlace Update(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        return new CheckpointPlace($"update {number}", number);
    }

    /// <summary>An update of a named operation.</summary>
    /// <param name="operationName">The name of the step, wait, callback, invoke or context.</param>
    /// <param name="action">One of <see cref="OperationActions"/>; null for the first, whatever it is.</param>
    public static CheckpointPlace Of(string operationName, string? action = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(operationName);
        return new CheckpointPlace($"{action ?? "the first update"} of {operationName}", 0, operationName, action);
    }

    /// <summary>The place in words.</summary>
    public override string ToString() => _words;

    internal bool Matches(int number, string? operationName, string action) =>
        (_number == 0 || _number == number)
        && (_operationName is null || _operationName == operationName)
        && (_action is null || _action == action);
}
