namespace Lungfish.DurableFunctions;

/// <summary>Decides whether a condition is checked again.</summary>
/// <typeparam name="TState">What a check returns.</typeparam>
public interface IWaitStrategy<TState>
{
    /// <summary>Decides; called after every check.</summary>
    /// <param name="state">What the check returned.</param>
    /// <param name="attemptNumber">Which check that was, from 1.</param>
    /// <exception cref="WaitForConditionException">The attempts are used up: the condition has failed.</exception>
    WaitDecision Decide(TState state, int attemptNumber);
}

/// <summary>Whether and when a condition is checked again.</summary>
public readonly record struct WaitDecision
{
    private WaitDecision(bool shouldContinue, TimeSpan delay)
    {
        ShouldContinue = shouldContinue;
        Delay = delay;
    }

    /// <summary>Whether there is another check.</summary>
    public bool ShouldContinue { get; }

    /// <summary>How long until then; the service counts whole seconds, at least one.</summary>
    public TimeSpan Delay { get; }

    /// <summary>The condition is met.</summary>
    public static WaitDecision Stop() => default;

    /// <summary>There is another check.</summary>
    /// <param name="delay">How long until then; fractions of a second round up, less than a second is one.</param>
    public static WaitDecision ContinueAfter(TimeSpan delay) => new(true, delay);
}

/// <summary>The wait strategies that are at hand. Without an end condition they use up their attempts.</summary>
public static class WaitStrategy
{
    /// <summary>Delays that grow by a factor.</summary>
    /// <typeparam name="TState">What a check returns.</typeparam>
    /// <param name="maxAttempts">All checks, the first included; at least 1.</param>
    /// <param name="initialDelay">After the first check; null for 5 s.</param>
    /// <param name="maxDelay">What no delay exceeds; null for 300 s.</param>
    /// <param name="backoffRate">The factor; at least 1.</param>
    /// <param name="jitter">How delays are spread.</param>
    /// <param name="isDone">Whether the condition is met.</param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is outside its range.</exception>
    public static IWaitStrategy<TState> Exponential<TState>(
        int maxAttempts = 60,
        TimeSpan? initialDelay = null,
        TimeSpan? maxDelay = null,
        double backoffRate = 1.5,
        JitterStrategy jitter = JitterStrategy.Full,
        Func<TState, bool>? isDone = null)
    {
        var backoff = new Backoff(
            initialDelay ?? TimeSpan.FromSeconds(5), maxDelay ?? TimeSpan.FromSeconds(300), backoffRate, jitter);
        return new Bounded<TState>(maxAttempts, backoff.After, isDone);
    }

    /// <summary>Delays that grow by the same amount each time.</summary>
    /// <typeparam name="TState">What a check returns.</typeparam>
    /// <param name="maxAttempts">All checks, the first included; at least 1.</param>
    /// <param name="initialDelay">After the first check; null for 5 s.</param>
    /// <param name="increment">Added each time; null for 5 s.</param>
    /// <param name="maxDelay">What no delay exceeds; null for no limit.</param>
    /// <param name="isDone">Whether the condition is met.</param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is outside its range.</exception>
    public static IWaitStrategy<TState> Linear<TState>(
        int maxAttempts = 60,
        TimeSpan? initialDelay = null,
        TimeSpan? increment = null,
        TimeSpan? maxDelay = null,
        Func<TState, bool>? isDone = null)
    {
        var first = initialDelay ?? TimeSpan.FromSeconds(5);
        var step = increment ?? TimeSpan.FromSeconds(5);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero, nameof(initialDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.Zero, nameof(increment));
        var most = (maxDelay ?? TimeSpan.MaxValue).TotalSeconds;
        return new Bounded<TState>(
            maxAttempts,
            attempt => TimeSpan.FromSeconds(
                Seconds.AtLeastOne(Math.Min(first.TotalSeconds + (step.TotalSeconds * (attempt - 1)), most))),
            isDone);
    }

    /// <summary>The same delay each time.</summary>
    /// <typeparam name="TState">What a check returns.</typeparam>
    /// <param name="delay">The delay.</param>
    /// <param name="maxAttempts">All checks, the first included; at least 1.</param>
    /// <param name="isDone">Whether the condition is met.</param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is outside its range.</exception>
    public static IWaitStrategy<TState> Fixed<TState>(
        TimeSpan delay, int maxAttempts = 60, Func<TState, bool>? isDone = null) =>
        new Bounded<TState>(maxAttempts, _ => delay, isDone);

    /// <summary>A strategy that is one function.</summary>
    /// <typeparam name="TState">What a check returns.</typeparam>
    /// <param name="strategy">Gets what the check returned and its number, from 1.</param>
    public static IWaitStrategy<TState> FromDelegate<TState>(Func<TState, int, WaitDecision> strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return new Free<TState>(strategy);
    }

    private sealed class Bounded<TState> : IWaitStrategy<TState>
    {
        private readonly int _maxAttempts;
        private readonly Func<int, TimeSpan> _delayAfter;
        private readonly Func<TState, bool>? _isDone;

        public Bounded(int maxAttempts, Func<int, TimeSpan> delayAfter, Func<TState, bool>? isDone)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(maxAttempts, 1);
            (_maxAttempts, _delayAfter, _isDone) = (maxAttempts, delayAfter, isDone);
        }

        public WaitDecision Decide(TState state, int attemptNumber)
        {
            if (_isDone is not null && _isDone(state))
            {
                return WaitDecision.Stop();
            }

            return attemptNumber < _maxAttempts
                ? WaitDecision.ContinueAfter(_delayAfter(attemptNumber))
                : throw new WaitForConditionException($"The condition was not met in {_maxAttempts} attempts.")
                {
                    AttemptsExhausted = attemptNumber,
                };
        }
    }

    private sealed class Free<TState>(Func<TState, int, WaitDecision> strategy) : IWaitStrategy<TState>
    {
        public WaitDecision Decide(TState state, int attemptNumber) => strategy(state, attemptNumber);
    }
}
