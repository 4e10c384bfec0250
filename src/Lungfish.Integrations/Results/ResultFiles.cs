using System.Buffers;
using System.Globalization;
using Lungfish.Integrations.S3;
using Lungfish.Json;

namespace Lungfish.Integrations.Results;

/// <summary>The files that hold the results of one status: <c>SUCCEEDED_0.json</c> and so on.</summary>
/// <param name="keyBegin">Of all files; a number and an ending follow.</param>
/// <param name="fileBytes">A file that has reached it is written, and the next begun.</param>
internal sealed class ResultFiles(
    IObjectStore store, string bucket, string keyBegin, ResultFormat format, int fileBytes)
{
    private readonly ArrayBufferWriter<byte> _content = new();
    private readonly JsonArray.Builder _written = new();

    public async ValueTask AddAsync(JsonValue record, CancellationToken cancellationToken)
    {
        if (!format.IsLines)
        {
            _content.Write(_content.WrittenCount == 0 ? "["u8 : ","u8);
        }

        record.WriteTo(_content);
        if (format.IsLines)
        {
            _content.Write("\n"u8);
        }

        if (_content.WrittenCount >= fileBytes)
        {
            await WriteFileAsync(cancellationToken);
        }
    }

    /// <returns>What the manifest says of the files: an array of <c>{"Key":…,"Size":…}</c>.</returns>
    public async ValueTask<JsonArray> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_content.WrittenCount > 0)
        {
            await WriteFileAsync(cancellationToken);
        }

        return _written.Build();
    }

    private async ValueTask WriteFileAsync(CancellationToken cancellationToken)
    {
        if (!format.IsLines)
        {
            _content.Write("]"u8);
        }

        var ending = format.IsLines ? "jsonl" : "json";
        var key = string.Create(CultureInfo.InvariantCulture, $"{keyBegin}_{_written.Count}.{ending}");
        _ = await store.PutAsync(
            new ObjectName(bucket, key),
            _content.WrittenMemory,
            format.IsLines ? "application/jsonl" : "application/json",
            cancellationToken);
        _written.Add(JsonObject.Of(("Key", key), ("Size", _content.WrittenCount)));
        _content.ResetWrittenCount();
    }
}
