namespace Lungfish.DurableFunctions.Testing;

/// <summary>What goes wrong when a function reports progress.</summary>
public enum FaultKind
{
    /// <summary>The process dies before the update reaches the service: what was done is not recorded.</summary>
    CrashBefore,

    /// <summary>The service has recorded the update, and the process dies before it learns so.</summary>
    CrashAfter,

    /// <summary>The request with the update is lost on its way; the function sees a network error.</summary>
    LoseRequest,

    /// <summary>The service has recorded the request with the update; the function sees a network error.</summary>
    LoseAnswer,

    /// <summary>The request with the update arrives twice, as when a client repeats one whose answer was lost.
    /// </summary>
    DeliverTwice,
}
