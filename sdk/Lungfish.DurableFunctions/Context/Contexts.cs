using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions;

/// <summary>The execution that a context belongs to.</summary>
public interface IExecutionContext
{
    /// <summary>Its ARN; the same in every invocation.</summary>
    string DurableExecutionArn { get; }
}

/// <summary>What the body of a step is given.</summary>
public interface IStepContext
{
    /// <summary>Writes lines that name this step and its attempt.</summary>
    ILogger Logger { get; }

    /// <summary>Counts from 1.</summary>
    int AttemptNumber { get; }

    /// <summary>The step's operation id; the same in every attempt, so it serves as an idempotency key.</summary>
    string OperationId { get; }
}

/// <summary>What a check of a condition is given.</summary>
public interface IConditionCheckContext
{
    /// <summary>Writes lines that name this condition and its attempt.</summary>
    ILogger Logger { get; }

    /// <summary>Counts from 1.</summary>
    int AttemptNumber { get; }
}

/// <summary>What the submitter of a callback is given.</summary>
public interface IWaitForCallbackContext
{
    /// <summary>Writes lines that name the submitter's step and its attempt.</summary>
    ILogger Logger { get; }
}

/// <summary>A callback that an outside system completes.</summary>
/// <typeparam name="T">What it is completed with.</typeparam>
public interface ICallback<T>
{
    /// <summary>What the outside system completes it by; made by the service.</summary>
    string CallbackId { get; }

    /// <summary>Suspends the execution until the callback is completed.</summary>
    /// <param name="cancellationToken">Ends this invocation's waiting. The callback stays open.</param>
    /// <exception cref="CallbackFailedException">The outside system reported a failure.</exception>
    /// <exception cref="CallbackTimeoutException">No answer, or no heartbeat, in time.</exception>
    Task<T> GetResultAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// The Lambda invocation that runs a durable function. There may be many in the life of an execution.
/// </summary>
public interface ILambdaContext
{
    /// <summary>The id of this invocation.</summary>
    string AwsRequestId { get; }

    /// <summary>The function's name.</summary>
    string FunctionName { get; }

    /// <summary>The version that runs.</summary>
    string FunctionVersion { get; }

    /// <summary>The ARN that was invoked.</summary>
    string InvokedFunctionArn { get; }

    /// <summary>The memory that the function was given, in MB.</summary>
    int MemoryLimitInMB { get; }

    /// <summary>Where its lines go.</summary>
    string LogGroupName { get; }

    /// <summary>Where its lines go, within the group.</summary>
    string LogStreamName { get; }

    /// <summary>The tenant that it was invoked for, or null.</summary>
    string? TenantId { get; }

    /// <summary>The tracing header of this invocation, or null.</summary>
    string? TraceId { get; }

    /// <summary>How long this invocation may still run.</summary>
    TimeSpan RemainingTime { get; }
}
