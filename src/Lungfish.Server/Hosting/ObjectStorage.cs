using Lungfish.Integrations.Items;
using Lungfish.Integrations.Results;
using Lungfish.Integrations.S3;
using Lungfish.Server.S3;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.Hosting;

/// <summary>Where S3 is: at a configured endpoint, or in folders of the data directory, which then are served
/// too.</summary>
internal sealed class ObjectStorage : IAsyncDisposable
{
    private readonly HttpObjectStore? _remote;

    private ObjectStorage(IObjectStore store, RequestDelegate? endpoint)
    {
        _remote = store as HttpObjectStore;
        Endpoint = endpoint;
        Items = new S3ItemReader(store);
        Results = new S3ResultWriter(store);
        Tasks = new AwsSdkS3Task(store);
    }

    public S3ItemReader Items { get; }

    public S3ResultWriter Results { get; }

    public AwsSdkS3Task Tasks { get; }

    /// <summary>Answers requests that are signed for S3; null: clients are to go to the configured endpoint.</summary>
    public RequestDelegate? Endpoint { get; }

    public static ObjectStorage Open(ServerOptions options, string dataDirectory)
    {
        if (options.S3 is { } endpoint)
        {
            return new ObjectStorage(new HttpObjectStore(endpoint, TimeProvider.System), null);
        }

        var folders = new FolderBuckets(Path.Combine(dataDirectory, "buckets"));
        return new ObjectStorage(folders, new S3Endpoint(folders).HandleAsync);
    }

    public ValueTask DisposeAsync()
    {
        _remote?.Dispose();
        return ValueTask.CompletedTask;
    }
}
