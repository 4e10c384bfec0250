using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Partitions;

/// <summary>Refusals that are about the engine's own condition.</summary>
internal static class Refusals
{
    /// <summary>True if it may be better in a moment; anything else is a bug or damage.</summary>
    public static bool IsPassing(Exception reason) =>
        reason is StoreUnavailableException and not StoreDamagedException or ApiException { HttpStatus: 503 };

    public static ApiException Stopped() =>
        StepFunctionsErrors.Unavailable("The server is stopping or does not own this execution any more. Try again.");

    /// <summary>Why a message cannot be taken while the store has so little room; null if it can.</summary>
    public static ApiException? WhyNoRoom(PartitionMessage message, StoreSpace space) => space switch
    {
        StoreSpace.Ample => null,
        _ when message.StartsWork => StepFunctionsErrors.Throttled(
            "The disk of the server's data is full: nothing new is started until there is room."),
        StoreSpace.None when !message.IsRead => DiskFull(),
        _ => null,
    };

    public static ApiException DiskFull() => StepFunctionsErrors.Unavailable(
        "The disk of the server's data is full: this cannot be recorded until there is room. Try again.");

    public static ApiException StoreFailed(Exception reason) =>
        StepFunctionsErrors.Unavailable($"The store could not do it, or nobody knows whether it did: {reason.Message}");

    public static ApiException SetAside(string arn, Exception reason) => SetAside(arn, reason.Message);

    public static ApiException SetAside(string arn, string reason) =>
        StepFunctionsErrors.ExecutionSetAside(arn, reason);
}
