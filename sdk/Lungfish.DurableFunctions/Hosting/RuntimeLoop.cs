namespace Lungfish.DurableFunctions;

internal static class RuntimeLoop
{
    public static Task RunAsync(Func<string, DurableEntryPoint> find, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Arrives with the next push.");
}
