using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lungfish.DurableFunctions;

/// <summary>
/// Keeps the result of a batch as JSON: each item's own text within it, as JSON if that is what it is.
/// </summary>
internal sealed class BatchSerializer<TItem>(BatchPlan<TItem> plan, Invocation invocation)
    : ICheckpointSerializer
{
    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly ICheckpointSerializer _items = plan.ItemSerializer ?? invocation.Options.Serializer;

    public string Serialize<T>(T value, SerializationContext context)
    {
        var result = value as IBatchResult<TItem> ?? throw new InvalidOperationException($"Not a batch: {typeof(T)}.");
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("all"u8);
            foreach (var item in result.All)
            {
                Write(writer, item, context);
            }

            writer.WriteEndArray();
            writer.WriteString("completionReason"u8, BatchSummary.TextOf(result.CompletionReason));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public T Deserialize<T>(string data, SerializationContext context)
    {
        using var document = JsonDocument.Parse(data);
        var items = document.RootElement.GetProperty("all"u8).EnumerateArray().Select(item => Read(item, context));
        var reason = BatchSummary.ReasonOf(document.RootElement.GetProperty("completionReason"u8).GetString());
        return BatchResult.Create(items, reason) is T result
            ? result
            : throw new InvalidOperationException($"Not a batch: {typeof(T)}.");
    }

    private void Write(Utf8JsonWriter writer, IBatchItem<TItem> item, SerializationContext context)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, item.Index);
        if (item.Name is { } name)
        {
            writer.WriteString("name"u8, name);
        }

        writer.WriteString("status"u8, item.Status switch
        {
            BatchItemStatus.Succeeded => "SUCCEEDED"u8,
            BatchItemStatus.Failed => "FAILED"u8,
            _ => "STARTED"u8,
        });
        if (item.Error is { } error)
        {
            writer.WritePropertyName("error"u8);
            EnvelopeJson.WriteError(writer, ErrorObject.FromException(error));
        }

        if (item.Status == BatchItemStatus.Succeeded && typeof(TItem) != typeof(Nothing))
        {
            var text = _items.Serialize(item.Result, context);
            if (_items is JsonCheckpointSerializer)
            {
                writer.WritePropertyName("result"u8);
                writer.WriteRawValue(text, skipInputValidation: true);
            }
            else
            {
                writer.WriteString("text"u8, text);
            }
        }

        writer.WriteEndObject();
    }

    private IBatchItem<TItem> Read(JsonElement item, SerializationContext context)
    {
        var index = item.GetProperty("index"u8).GetInt32();
        var name = item.TryGetProperty("name"u8, out var given) ? given.GetString() : null;
        switch (item.GetProperty("status"u8).GetString())
        {
            case "SUCCEEDED":
                var text = item.TryGetProperty("result"u8, out var json) ? json.GetRawText()
                    : item.TryGetProperty("text"u8, out var own) ? own.GetString()
                    : null;
                return BatchResult.Succeeded(index, invocation.Read<TItem>(_items, text, context.OperationId), name);
            case "FAILED":
                return BatchResult.Failed<TItem>(index, Failures.OfContext(plan.ItemSubType, ReadError(item)), name);
            default:
                return BatchResult.Started<TItem>(index, name);
        }
    }

    private static ErrorObject ReadError(JsonElement item)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(item.GetProperty("error"u8).GetRawText()));
        reader.Read();
        return OperationJson.ReadError(ref reader) ?? new ErrorObject();
    }
}
