namespace Lungfish.DurableFunctions;

/// <summary>Whose body the running code is part of: a context's, or a step's.</summary>
internal static class Ambient
{
    private static readonly AsyncLocal<object?> s_owner = new();

    /// <summary>From here to the end of the calling async method, and in what it calls.</summary>
    public static void Enter(object owner) => s_owner.Value = owner;

    /// <summary>Operations must be numbered the same on every replay, so each body numbers its own only.</summary>
    /// <exception cref="InvalidOperationException">The code belongs to another body than the context.</exception>
    public static void VerifyOwns(ContextScope scope)
    {
        if (s_owner.Value is { } owner && !ReferenceEquals(owner, scope))
        {
            throw Misuse(owner);
        }
    }

    /// <summary>The context whose body is running; <paramref name="otherwise"/> if that is not known.</summary>
    /// <exception cref="InvalidOperationException">It is the body of a step.</exception>
    public static ContextScope ContextOr(ContextScope otherwise) => s_owner.Value switch
    {
        ContextScope scope => scope,
        null => otherwise,
        var step => throw Misuse(step),
    };

    private static InvalidOperationException Misuse(object owner) => new(owner is ContextScope
        ? "This durable operation was called on the context around the running branch or child context. Call it on "
            + "the context that the branch or child was given: operations must be numbered the same on every replay."
        : "A durable operation cannot be called inside a step: a step is one piece of work that is either done or not. "
            + "Call it from the workflow, or use RunInChildContextAsync in place of the step.");
}
