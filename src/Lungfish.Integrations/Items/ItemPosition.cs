using System.Diagnostics;
using Lungfish.Json;

namespace Lungfish.Integrations.Items;

/// <summary>Where reading a source goes on, between two pages. It is kept in the journal as JSON text.</summary>
/// <param name="Part">The object that was read last; its own words are its <see cref="IObjectParts"/>'s.</param>
internal sealed record ItemPosition(string Part)
{
    /// <summary>Null: no record of that part is to be read any more.</summary>
    public RecordPosition? Record { get; init; }

    /// <summary>The part's ETag as it was read: another means that it has changed under way.</summary>
    public string Etag { get; init; } = "";

    /// <summary>The part's size in bytes as it was read.</summary>
    public long Size { get; init; }

    public string ToText()
    {
        var text = new JsonObject.Builder();
        text.Set("part", Part);
        if (Record is not null)
        {
            text.Set("etag", Etag);
            text.Set("size", Size);
            text.Set("at", Record.At);
            if (!Record.Headers.IsEmpty)
            {
                text.Set("headers", JsonArray.Of(Record.Headers.Select(header => (JsonValue)header)));
            }

            if (Record.InObject)
            {
                text.Set("object", true);
            }
        }

        return text.Build().ToText();
    }

    /// <param name="text">What <see cref="ToText"/> gave, in this process or an earlier one.</param>
    public static ItemPosition Parse(string text)
    {
        if (JsonValue.Parse(text) is not JsonObject parts || parts["part"] is not JsonString part)
        {
            throw new UnreachableException("Only what this reader wrote is a position.");
        }

        var position = new ItemPosition(part.Value);
        return parts["at"] is not JsonNumber at || !at.TryGetInt64(out var offset)
            ? position
            : position with
            {
                Etag = (parts["etag"] as JsonString)?.Value ?? "",
                Size = parts["size"] is JsonNumber size && size.TryGetInt64(out var bytes) ? bytes : 0,
                Record = new RecordPosition(offset)
                {
                    Headers = parts["headers"] is JsonArray headers
                        ? [.. headers.OfType<JsonString>().Select(header => header.Value)]
                        : [],
                    InObject = parts["object"] is JsonBoolean,
                },
            };
    }
}
