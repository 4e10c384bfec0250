using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.S3;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Results;

/// <summary>Writes results with <c>s3:putObject</c>: files by status, and a manifest that names them.</summary>
/// <remarks>Every file is put whole under a name that the map run gives, and the manifest is the last: a second run
/// after a crash takes the place of the first.</remarks>
public sealed class S3ResultWriter(IObjectStore store) : IResultWriter
{
    /// <summary>About the size of a file; so much is in memory for each status.</summary>
    internal const int FileBytesDefault = 8 * 1024 * 1024;

    /// <summary>Where a file ends and the next begins.</summary>
    internal int FileBytes { get; init; } = FileBytesDefault;

    public bool CanWrite(ServiceIntegration resource) => Offers(resource);

    public static bool Offers(ServiceIntegration resource) => resource is
    {
        Service: "s3",
        Action: "putObject",
        Pattern: IntegrationPattern.RequestResponse,
    };

    public async ValueTask<JsonValue> WriteAsync(
        ResultDestination destination,
        MapRunIdentity run,
        IAsyncEnumerable<ChildResult> results,
        CancellationToken cancellationToken)
    {
        var bucket = GetText(destination, "Bucket");
        var folder = FolderOf(destination, run);
        var format = ResultFormat.Of(destination.Config);
        ResultFiles FilesOf(string status) => new(store, bucket, $"{folder}/{status}", format, FileBytes);
        var (failed, pending, succeeded) = (FilesOf("FAILED"), FilesOf("PENDING"), FilesOf("SUCCEEDED"));
        try
        {
            await foreach (var result in results.WithCancellation(cancellationToken))
            {
                var files = result.Status switch
                {
                    ExecutionStatus.Succeeded => succeeded,
                    ExecutionStatus.Running => pending,
                    _ => failed, // Documented: those that timed out or were aborted are with those that failed.
                };
                foreach (var record in format.RecordsOf(result, run))
                {
                    await files.AddAsync(record, cancellationToken);
                }
            }

            var manifest = JsonObject.Of(
                ("DestinationBucket", bucket),
                ("MapRunArn", run.Arn),
                ("ResultFiles", JsonObject.Of(
                    ("FAILED", await failed.CompleteAsync(cancellationToken)),
                    ("PENDING", await pending.CompleteAsync(cancellationToken)),
                    ("SUCCEEDED", await succeeded.CompleteAsync(cancellationToken)))));
            var key = $"{folder}/manifest.json";
            _ = await store.PutAsync(
                new ObjectName(bucket, key), manifest.ToUtf8(), "application/json", cancellationToken);
            return JsonObject.Of(
                ("MapRunArn", run.Arn),
                ("ResultWriterDetails", JsonObject.Of(("Bucket", bucket), ("Key", key))));
        }
        catch (Exception e) when (e is ObjectStoreException or IOException)
        {
            throw new ResultWriterException(e.Message, e);
        }
    }

    private static string FolderOf(ResultDestination destination, MapRunIdentity run)
    {
        var prefix = ((destination.Parameters as JsonObject)?["Prefix"] as JsonString)?.Value.TrimEnd('/') ?? "";
        return prefix.Length == 0 ? run.Id : $"{prefix}/{run.Id}";
    }

    private static string GetText(ResultDestination destination, string name) =>
        ((destination.Parameters as JsonObject)?[name] as JsonString)?.Value
        ?? throw new ResultWriterException($"The ResultWriter's parameters must have a text as {name}.");
}
