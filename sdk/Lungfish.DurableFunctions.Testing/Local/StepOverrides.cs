using System.Collections.Concurrent;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>Bodies that a test puts in the place of steps, by the steps' names.</summary>
internal sealed class StepOverrides
{
    private readonly ConcurrentDictionary<string, Delegate> _bodies = new(StringComparer.Ordinal);

    public void Set(string name, Delegate body)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _bodies[name] = body;
    }

    public IDurableContext Around(IDurableContext context) =>
        _bodies.IsEmpty ? context : new OverridingContext(context, this);

    public Func<IStepContext, CancellationToken, Task<T>> For<T>(
        string? name, Func<IStepContext, CancellationToken, Task<T>> body) =>
        name is null || !_bodies.TryGetValue(name, out var other)
            ? body
            : other as Func<IStepContext, CancellationToken, Task<T>> ?? OnlyThrowing<T>(name, other);

    public Func<IStepContext, CancellationToken, Task> For(
        string? name, Func<IStepContext, CancellationToken, Task> body) =>
        name is null || !_bodies.TryGetValue(name, out var other)
            ? body
            : other as Func<IStepContext, CancellationToken, Task> ?? throw Unfit(name, "nothing");

    // A body that always throws has no type of its own, so it stands in for steps of any.
    private static Func<IStepContext, CancellationToken, Task<T>> OnlyThrowing<T>(string name, Delegate other)
    {
        if (other.GetType() != typeof(Func<IStepContext, CancellationToken, Task>))
        {
            throw Unfit(name, typeof(T).ToString());
        }

        var body = (Func<IStepContext, CancellationToken, Task>)other;
        return async (context, cancellationToken) =>
        {
            await body(context, cancellationToken).ConfigureAwait(false);
            throw Unfit(name, typeof(T).ToString());
        };
    }

    private static InvalidOperationException Unfit(string name, string type) =>
        new($"The test has put another body in the place of step '{name}', and it is of another type than the step, "
            + $"which returns {type}.");
}
