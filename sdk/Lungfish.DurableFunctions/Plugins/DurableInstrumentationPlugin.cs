namespace Lungfish.DurableFunctions;

/// <summary>Is told what a durable function does: for traces, metrics and logs. Override what is of interest.</summary>
/// <remarks>
/// The hooks run in line with the work, so they must be quick. What a hook throws is logged and has no effect. The
/// hooks around user functions run on the same thread, and in the same execution context, as the function itself: what
/// they put into an <see cref="AsyncLocal{T}"/> the function sees.
/// </remarks>
public abstract class DurableInstrumentationPlugin
{
    /// <summary>An invocation begins, before the workflow's code runs.</summary>
    /// <param name="info">About the invocation.</param>
    public virtual void OnInvocationStart(InvocationStartInfo info)
    {
    }

    /// <summary>An invocation ends, after its outcome is certain.</summary>
    /// <param name="info">About the invocation.</param>
    public virtual void OnInvocationEnd(InvocationEndInfo info)
    {
    }

    /// <summary>An operation starts, or one that an earlier invocation began is found unfinished.</summary>
    /// <param name="info">About the operation.</param>
    public virtual void OnOperationStart(OperationStartInfo info)
    {
    }

    /// <summary>An operation has reached a terminal status. Not told again on replay.</summary>
    /// <param name="info">About the operation.</param>
    public virtual void OnOperationEnd(OperationEndInfo info)
    {
    }

    /// <summary>The service has reported operations whose status has changed.</summary>
    /// <param name="info">Those operations, and all.</param>
    public virtual void OnOperationChange(OperationChangeInfo info)
    {
    }

    /// <summary>The author's code of a step, a check, a branch or a child context begins.</summary>
    /// <param name="info">About the operation and its attempt.</param>
    public virtual void OnUserFunctionStart(UserFunctionStartInfo info)
    {
    }

    /// <summary>It ends. Not told of code that is left behind when an invocation is suspended.</summary>
    /// <param name="info">About the operation and its attempt.</param>
    public virtual void OnUserFunctionEnd(UserFunctionEndInfo info)
    {
    }
}
