namespace Lungfish.Functions.Runtimes;

/// <summary>How many invocations one process of a function runs at once.</summary>
internal static class ProcessConcurrency
{
    /// <returns>1 unless the function says otherwise by its <see cref="CapacityProviderConfig"/>.</returns>
    public static int Of(FunctionConfiguration function) => Of(function, Environment.ProcessorCount);

    /// <param name="cores">Of this machine.</param>
    /// <remarks>Documented: Lambda developer guide, the pages on each runtime for Lambda Managed Instances. The
    /// defaults are per vCPU. All of a machine's are one process's to use, but for Node, whose code has one
    /// thread.</remarks>
    public static int Of(FunctionConfiguration function, int cores)
    {
        if (function.CapacityProvider is not { } capacity)
        {
            return 1;
        }

        return RuntimeName.FamilyOf(function.Runtime) switch
        {
            // AWS's runs a process for each: here the pool does.
            RuntimeFamily.Python => 1,
            RuntimeFamily.Node => capacity.MaxConcurrency ?? 64,
            RuntimeFamily.Dotnet => capacity.MaxConcurrency ?? AtMost(32 * cores),
            _ => capacity.MaxConcurrency ?? AtMost(8 * cores), // Rust's.
        };
    }

    private static int AtMost(int concurrency) => Math.Min(concurrency, CapacityProviderConfig.MaxConcurrencyMax);
}
