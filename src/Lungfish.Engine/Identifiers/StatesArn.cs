namespace Lungfish.Engine.Identifiers;

/// <summary>An ARN of the Step Functions service, taken apart.</summary>
/// <param name="Kind">Such as <c>stateMachine</c>, <c>execution</c>, <c>activity</c>.</param>
/// <param name="Name">The state machine's or activity's name.</param>
/// <param name="Rest">What follows the name: an execution's name, a version or an alias; null if nothing does.</param>
internal readonly record struct StatesArn(string Prefix, string Kind, string Name, string? Rest)
{
    /// <exception cref="ApiException">InvalidArn</exception>
    public static StatesArn Parse(string text, string kind)
    {
        var arn = Parse(text);
        return arn.Kind == kind
            ? arn
            : throw StepFunctionsErrors.InvalidArn($"Resource type not valid in this context: {arn.Kind}");
    }

    /// <summary>Takes an execution's ARN apart into the key that it is stored under.</summary>
    /// <exception cref="ApiException">InvalidArn</exception>
    public static ExecutionKey ParseExecution(string text)
    {
        var arn = Parse(text, "execution");
        return arn.Rest is { Length: > 0 } name
            ? new ExecutionKey($"{arn.Prefix}:stateMachine:{arn.Name}", name)
            : throw StepFunctionsErrors.InvalidArn("Invalid ARN prefix: " + text);
    }

    private static StatesArn Parse(string text)
    {
        // arn:PARTITION:states:REGION:ACCOUNT:KIND:NAME[:REST]
        Span<Range> parts = stackalloc Range[8];
        var span = text.AsSpan();
        var count = span.Split(parts, ':');
        if (count < 7 || !span[parts[0]].SequenceEqual("arn") || !span[parts[2]].SequenceEqual("states")
            || span[parts[6]].IsEmpty)
        {
            throw StepFunctionsErrors.InvalidArn("Invalid ARN prefix: " + text);
        }

        return new StatesArn(
            span[..parts[4].End.GetOffset(span.Length)].ToString(),
            span[parts[5]].ToString(),
            span[parts[6]].ToString(),
            count == 8 ? span[parts[7]].ToString() : null);
    }
}
