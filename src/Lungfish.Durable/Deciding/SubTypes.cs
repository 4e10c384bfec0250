namespace Lungfish.Durable.Deciding;

/// <summary>The subtypes of SDKs that mean something to the service, too.</summary>
internal static class SubTypes
{
    /// <summary>A step that polls: it is retried with a state in place of an error.</summary>
    public const string WaitForCondition = "WaitForCondition";

    /// <summary>A context that creates a callback and tells somebody of it.</summary>
    public const string WaitForCallback = "WaitForCallback";

    public const string Parallel = "Parallel";
    public const string Map = "Map";
}
