using System.Collections.Immutable;
using Lungfish.Bench.Workloads;
using Lungfish.Functions;

namespace Lungfish.Bench.Hosting;

/// <summary>The durable functions of the workloads, in Node and in C#. Their processes start when they are invoked.
/// </summary>
internal static class BenchFunctions
{
    public static async Task CreateAsync(FunctionService functions, Uri server)
    {
        foreach (var workload in (string[])[.. Definitions.DurableWorkloads, Definitions.Sleep])
        {
            await functions.CreateAsync(
                Node($"{workload}-durable-node", workload) with { Durable = Durable }, CancellationToken.None);
            await functions.CreateAsync(
                CSharp($"{workload}-durable-csharp", workload) with { Durable = Durable }, CancellationToken.None);
        }

        foreach (var workload in (string[])[.. Definitions.ConcurrentWorkloads, Definitions.Sleep])
        {
            await functions.CreateAsync(
                Node($"{workload}-durable-node{Definitions.Concurrent}", workload) with
                {
                    Durable = Durable,
                    CapacityProvider = Concurrent,
                },
                CancellationToken.None);
            await functions.CreateAsync(
                CSharp($"{workload}-durable-csharp{Definitions.Concurrent}", workload) with
                {
                    Durable = Durable,
                    CapacityProvider = Concurrent,
                },
                CancellationToken.None);
        }

        // The same ones alone: see AloneWorkload.
        var alone = ImmutableSortedDictionary<string, string>.Empty.Add(
            "AWS_ENDPOINT_URL_LAMBDA", new Uri(server, AtOnce.Path).AbsoluteUri);
        foreach (var workload in Definitions.AloneWorkloads)
        {
            await functions.CreateAsync(
                Node($"{workload}-alone-node", workload) with { Environment = alone }, CancellationToken.None);
            await functions.CreateAsync(
                Node($"{workload}-alone-awssdk", workload) with
                {
                    Environment = alone.Add("LUNGFISH_DURABLE_CLIENT", "sdk"),
                },
                CancellationToken.None);
            await functions.CreateAsync(
                CSharp($"{workload}-alone-csharp", workload) with { Environment = alone }, CancellationToken.None);
        }
    }

    private static DurableConfig Durable => new(ExecutionTimeoutSeconds: 900, RetentionDays: 1);

    // A Node process has one thread for its code, so that there is one for each of two cores at 64 clients.
    private static CapacityProviderConfig Concurrent =>
        new("arn:aws:lambda:us-east-1:000000000000:capacity-provider:bench", MaxConcurrency: 32);

    private static string NodeFolder => Path.GetFullPath(Path.Combine("bench", "js"));

    // Compiled ahead of time, as functions for Lambda are.
    private static string CSharpFolder => Path.GetFullPath(Path.Combine("artifacts", "bench-functions"));

    private static NewFunction Node(string name, string workload) =>
        New(name, "nodejs20.x", $"durable.{workload}", NodeFolder);

    private static NewFunction CSharp(string name, string workload) =>
        New(name, "provided.al2023", workload, CSharpFolder);

    private static NewFunction New(string name, string runtime, string handler, string folder) => new()
    {
        Name = name,
        Runtime = runtime,
        Handler = handler,
        Code = CodeSource.Folder(folder),
        Timeout = TimeSpan.FromSeconds(60),
        MemorySizeMb = 512,
    };
}
