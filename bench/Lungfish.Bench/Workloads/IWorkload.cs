namespace Lungfish.Bench.Workloads;

/// <summary>What is measured: many clients, each of which runs one execution after the other.</summary>
internal interface IWorkload
{
    /// <summary>How the command line and the results name it.</summary>
    string Id { get; }

    Task<IClient> OpenClientAsync(int number);
}

internal interface IClient : IDisposable
{
    /// <summary>Starts an execution and returns when its end was observed.</summary>
    ValueTask RunOnceAsync();
}
