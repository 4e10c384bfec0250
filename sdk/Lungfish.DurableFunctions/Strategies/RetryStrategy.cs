using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Lungfish.DurableFunctions;

/// <summary>Decides whether a failed attempt of a step is repeated.</summary>
public interface IRetryStrategy
{
    /// <summary>Decides; called once for each failed attempt.</summary>
    /// <param name="exception">What the attempt threw.</param>
    /// <param name="attemptNumber">Which attempt that was, from 1.</param>
    RetryDecision ShouldRetry(Exception exception, int attemptNumber);
}

/// <summary>Whether and when a failed attempt is repeated.</summary>
public readonly record struct RetryDecision
{
    private RetryDecision(bool shouldRetry, TimeSpan delay)
    {
        ShouldRetry = shouldRetry;
        Delay = delay;
    }

    /// <summary>Whether there is another attempt.</summary>
    public bool ShouldRetry { get; }

    /// <summary>How long until then; the service counts whole seconds, at least one.</summary>
    public TimeSpan Delay { get; }

    /// <summary>The step has failed.</summary>
    public static RetryDecision DoNotRetry() => default;

    /// <summary>There is another attempt.</summary>
    /// <param name="delay">How long until then; fractions of a second round up, less than a second is one.</param>
    public static RetryDecision RetryAfter(TimeSpan delay) => new(true, delay);
}

/// <summary>How delays are spread, so that many that failed together do not come back together.</summary>
public enum JitterStrategy
{
    /// <summary>Exactly as computed.</summary>
    None,

    /// <summary>Evenly between zero and what was computed.</summary>
    Full,

    /// <summary>Evenly between half of what was computed and all of it.</summary>
    Half,
}

/// <summary>The retry strategies that are at hand.</summary>
public static class RetryStrategy
{
    /// <summary>Six attempts; 5 s, doubled each time up to 60 s, full jitter. What a step has by default.</summary>
    public static IRetryStrategy Default { get; } = Exponential(maxAttempts: 6, maxDelay: TimeSpan.FromSeconds(60));

    /// <summary>Three attempts; 1 s, doubled each time up to 5 s, half jitter: for faults that pass soon.</summary>
    public static IRetryStrategy Transient { get; } = Exponential(
        initialDelay: TimeSpan.FromSeconds(1), maxDelay: TimeSpan.FromSeconds(5), jitter: JitterStrategy.Half);

    /// <summary>One attempt.</summary>
    public static IRetryStrategy None { get; } = Exponential(maxAttempts: 1);

    /// <summary>Delays that grow by a factor.</summary>
    /// <param name="maxAttempts">All attempts, the first included; at least 1.</param>
    /// <param name="initialDelay">After the first attempt; null for 5 s.</param>
    /// <param name="maxDelay">What no delay exceeds; null for 300 s.</param>
    /// <param name="backoffRate">The factor; at least 1.</param>
    /// <param name="jitter">How delays are spread.</param>
    /// <param name="retryableExceptions">Only these types, and derived ones, are retried; null for all.</param>
    /// <param name="retryableMessagePatterns">
    /// Regular expressions: errors whose message matches one are retried too; null for none.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is outside its range.</exception>
    public static IRetryStrategy Exponential(
        int maxAttempts = 3,
        TimeSpan? initialDelay = null,
        TimeSpan? maxDelay = null,
        double backoffRate = 2.0,
        JitterStrategy jitter = JitterStrategy.Full,
        Type[]? retryableExceptions = null,
        [StringSyntax(StringSyntaxAttribute.Regex)] string[]? retryableMessagePatterns = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAttempts, 1);
        var backoff = new Backoff(
            initialDelay ?? TimeSpan.FromSeconds(5), maxDelay ?? TimeSpan.FromSeconds(300), backoffRate, jitter);
        return new BackoffRetry(maxAttempts, backoff, retryableExceptions, retryableMessagePatterns);
    }

    /// <summary>Delays that grow by the same amount each time.</summary>
    /// <param name="maxAttempts">All attempts, the first included; at least 1.</param>
    /// <param name="initialDelay">After the first attempt; null for 1 s.</param>
    /// <param name="increment">What is added each time; null for 1 s.</param>
    /// <param name="maxDelay">What no delay exceeds; null for 300 s.</param>
    /// <param name="jitter">How delays are spread.</param>
    /// <param name="retryableExceptions">Only these types, and derived ones, are retried; null for all.</param>
    /// <param name="retryableMessagePatterns">
    /// Regular expressions: errors whose message matches one are retried too; null for none.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is outside its range.</exception>
    public static IRetryStrategy Linear(
        int maxAttempts = 6,
        TimeSpan? initialDelay = null,
        TimeSpan? increment = null,
        TimeSpan? maxDelay = null,
        JitterStrategy jitter = JitterStrategy.Full,
        Type[]? retryableExceptions = null,
        [StringSyntax(StringSyntaxAttribute.Regex)] string[]? retryableMessagePatterns = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAttempts, 1);
        var step = increment ?? TimeSpan.FromSeconds(1);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.Zero, nameof(increment));
        var backoff = Backoff.Linear(
            initialDelay ?? TimeSpan.FromSeconds(1), step, maxDelay ?? TimeSpan.FromSeconds(300), jitter);
        return new BackoffRetry(maxAttempts, backoff, retryableExceptions, retryableMessagePatterns);
    }

    /// <summary>A strategy that is one function.</summary>
    /// <param name="strategy">Gets what the attempt threw and its number, from 1.</param>
    public static IRetryStrategy FromDelegate(Func<Exception, int, RetryDecision> strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return new DelegateRetry(strategy);
    }

    private sealed class BackoffRetry(int maxAttempts, Backoff backoff, Type[]? types, string[]? patterns)
        : IRetryStrategy
    {
        // A pattern that needs longer than this would stall the function on a long message.
        private static readonly TimeSpan s_matchTimeMax = TimeSpan.FromSeconds(1);

        private readonly Regex[]? _patterns =
            patterns?.Select(p => new Regex(p, RegexOptions.CultureInvariant, s_matchTimeMax)).ToArray();

        public RetryDecision ShouldRetry(Exception exception, int attemptNumber) =>
            attemptNumber < maxAttempts && IsRetryable(exception)
                ? RetryDecision.RetryAfter(backoff.After(attemptNumber))
                : RetryDecision.DoNotRetry();

        private bool IsRetryable(Exception exception) =>
            (types is null && _patterns is null)
            || (types is not null && Array.Exists(types, type => type.IsInstanceOfType(exception)))
            || (_patterns is not null && Array.Exists(_patterns, pattern => pattern.IsMatch(exception.Message)));
    }

    private sealed class DelegateRetry(Func<Exception, int, RetryDecision> strategy) : IRetryStrategy
    {
        public RetryDecision ShouldRetry(Exception exception, int attemptNumber) => strategy(exception, attemptNumber);
    }
}
