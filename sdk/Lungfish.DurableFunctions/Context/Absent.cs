namespace Lungfish.DurableFunctions;

/// <summary>The place of a value that is not there and that nobody reads.</summary>
internal static class Absent<T>
{
#nullable disable warnings
    public static readonly T Value = default;
#nullable restore
}
