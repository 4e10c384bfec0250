namespace Lungfish.DurableFunctions;

/// <summary>How an invocation ended, before it is turned into its answer.</summary>
/// <param name="Kind">How.</param>
/// <param name="Result">The workflow's result as text.</param>
/// <param name="Exception">What the workflow threw, or why the invocation broke.</param>
internal sealed record InvocationOutcome(InvocationEnd Kind, string? Result = null, Exception? Exception = null)
{
    public static readonly InvocationOutcome Suspended = new(InvocationEnd.Suspended);
}

internal enum InvocationEnd
{
    Succeeded,
    Failed,
    Suspended,

    /// <summary>The service refused or was not there, or the host gave up: the workflow has no say in it.</summary>
    Broken,
}
