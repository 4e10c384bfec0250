using System.Collections.Immutable;

namespace Lungfish.States.Deciding;

/// <summary>The error names that the language itself gives a meaning.</summary>
internal static class ErrorNames
{
    public const string All = "States.ALL";
    public const string BranchFailed = "States.BranchFailed";
    public const string DataLimitExceeded = "States.DataLimitExceeded";
    public const string ExceedToleratedFailureThreshold = "States.ExceedToleratedFailureThreshold";
    public const string HeartbeatTimeout = "States.HeartbeatTimeout";
    public const string IntrinsicFailure = "States.IntrinsicFailure";
    public const string QueryEvaluationError = "States.QueryEvaluationError";
    public const string ItemReaderFailed = "States.ItemReaderFailed";
    public const string ResultPathMatchFailure = "States.ResultPathMatchFailure";
    public const string ResultWriterFailed = "States.ResultWriterFailed";
    public const string Runtime = "States.Runtime";
    public const string TaskFailed = "States.TaskFailed";
    public const string Timeout = "States.Timeout";
}

/// <summary>Where a failure comes from: decides which names of <c>ErrorEquals</c> it answers to.</summary>
internal enum FailureKind
{
    /// <summary>Ends the execution; nothing retries or catches it.</summary>
    Terminal,

    /// <summary>A Fail state, or a rule of the language that can be caught.</summary>
    State,

    /// <summary>A task answered with an error, or with a result that is too large.</summary>
    Task,

    /// <summary>A JSONata expression failed; an event of its own tells where.</summary>
    Evaluation,

    TaskTimeout,

    /// <summary>Shown as States.Timeout, but also matched by its own name.</summary>
    HeartbeatTimeout,
}

/// <summary>A failure is data: it goes through Retry and Catch, and out of its branch.</summary>
/// <param name="Error">Null if a Fail state or SendTaskFailure gave none.</param>
/// <param name="OfBranch">True once it has left the branch of a Parallel or Map state in which it happened.</param>
internal sealed record StateFailure(string? Error, string? Cause, FailureKind Kind, bool OfBranch = false)
{
    /// <summary>Of a failed evaluation: the field, such as <c>Output/a[0]</c>, or null where AWS names none.</summary>
    public string? Location { get; init; }

    public static StateFailure Runtime(string cause) => new(ErrorNames.Runtime, cause, FailureKind.Terminal);

    /// <param name="source">A state's name, a function's ARN or a service's name.</param>
    public static StateFailure DataLimitExceeded(string source, FailureKind kind) => new(
        ErrorNames.DataLimitExceeded,
        $"The state/task '{source}' returned a result with a size exceeding the maximum number of bytes service limit.",
        kind);

    public static StateFailure Evaluation(string cause, string? location) =>
        new(ErrorNames.QueryEvaluationError, cause, FailureKind.Evaluation) { Location = location };

    /// <summary>More items of a distributed Map have failed than may.</summary>
    public static StateFailure TooManyFailed() => new(
        ErrorNames.ExceedToleratedFailureThreshold,
        "The specified tolerated failure threshold was exceeded", // Recorded; bare.
        FailureKind.State);

    // Recorded in timeouts/*: the error of both kinds is States.Timeout, without a cause.
    public static StateFailure TimedOut(FailureKind kind) => new(ErrorNames.Timeout, null, kind);

    public bool Matches(ImmutableArray<string> errorEquals)
    {
        if (Kind == FailureKind.Terminal)
        {
            return false; // Recorded in scenarios/*invalid_jsonpath*: States.ALL does not catch States.Runtime.
        }

        foreach (var name in errorEquals)
        {
            if (Matches(name))
            {
                return true;
            }
        }

        return false;
    }

    private bool Matches(string name) => name switch
    {
        ErrorNames.All => true,
        ErrorNames.TaskFailed => Kind == FailureKind.Task || name == Error, // Documented: all but States.Timeout.
        ErrorNames.HeartbeatTimeout => Kind == FailureKind.HeartbeatTimeout || name == Error,
        ErrorNames.BranchFailed => OfBranch || name == Error,
        _ => name == Error,
    };
}
