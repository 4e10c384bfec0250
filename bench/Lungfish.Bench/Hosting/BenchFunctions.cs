using Lungfish.Bench.Workloads;
using Lungfish.Functions;

namespace Lungfish.Bench.Hosting;

/// <summary>The durable functions of the workloads, in Node and in C#. Their processes start when they are invoked.
/// </summary>
internal static class BenchFunctions
{
    public static async Task CreateAsync(FunctionService functions)
    {
        foreach (var workload in (string[])[.. Definitions.DurableWorkloads, "sleep"])
        {
            await CreateAsync(functions, $"{workload}-durable-node", "nodejs20.x", $"durable.{workload}", NodeFolder);
            await CreateAsync(functions, $"{workload}-durable-csharp", "provided.al2023", workload, CSharpFolder);
        }
    }

    private static string NodeFolder => Path.GetFullPath(Path.Combine("bench", "js"));

    private static string CSharpFolder =>
        Path.GetFullPath(Path.Combine("artifacts", "bin", "Lungfish.Bench.Functions", "release"));

    private static Task CreateAsync(
        FunctionService functions, string name, string runtime, string handler, string folder) =>
        functions.CreateAsync(
            new NewFunction
            {
                Name = name,
                Runtime = runtime,
                Handler = handler,
                Code = CodeSource.Folder(folder),
                Timeout = TimeSpan.FromSeconds(60),
                MemorySizeMb = 512,
                Durable = new DurableConfig(ExecutionTimeoutSeconds: 900, RetentionDays: 1),
            },
            CancellationToken.None);
}
