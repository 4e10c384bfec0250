using System.Text;
using System.Text.Json;

namespace Lungfish.Functions.Processes;

/// <summary>What lines of a log belong to: an invocation, or none. Guarded by the log's lock.</summary>
/// <param name="requestId">Null: this is for lines that belong to no invocation.</param>
/// <param name="keepsTail">Its end is wanted.</param>
internal sealed class OutputOwner(string? requestId, bool keepsTail)
{
    private const int TailBytes = 4096; // Documented: LogResult holds the last 4 KB.

    private readonly Queue<string> _tail = new();
    private int _tailBytes;

    public string? RequestId => requestId;

    /// <summary>Bytes that the process wrote for it, kept or not.</summary>
    public long Written { get; set; }

    public void Keep(string line)
    {
        if (!keepsTail)
        {
            return;
        }

        _tail.Enqueue(line);
        _tailBytes += line.Length + 1;
        while (_tail.Count > 1 && _tailBytes - _tail.Peek().Length - 1 >= TailBytes)
        {
            _tailBytes -= _tail.Dequeue().Length + 1;
        }
    }

    /// <summary>In base64; null: it is not wanted.</summary>
    public string? Tail()
    {
        if (!keepsTail)
        {
            return null;
        }

        var text = Encoding.UTF8.GetBytes(string.Join('\n', _tail) + "\n");
        return Convert.ToBase64String(text.AsSpan(Math.Max(0, text.Length - TailBytes)));
    }

    /// <summary>Finds the one whose request id a line names, where runtimes and loggers write it.</summary>
    /// <remarks>Documented: Lambda developer guide, "Working with function logs": in the format Text it is the second
    /// field for Node and .NET, the third for Python, with tabs between; in JSON a member.</remarks>
    public static OutputOwner? Find(IReadOnlyList<OutputOwner> owners, ReadOnlySpan<byte> line)
    {
        if (line.StartsWith((byte)'{'))
        {
            return FindInJson(owners, line);
        }

        const byte Tab = (byte)'\t';
        var found = default(OutputOwner);
        for (var field = 0; field < 3 && found is null; field++)
        {
            var end = line.IndexOf(Tab);
            found = field == 0 ? null : FindById(owners, end < 0 ? line : line[..end]);
            line = end < 0 ? default : line[(end + 1)..];
        }

        return found;
    }

    private static OutputOwner? FindInJson(IReadOnlyList<OutputOwner> owners, ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            _ = reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("requestId"u8) || reader.ValueTextEquals("AWSRequestId"u8);
                _ = reader.Read();
                if (isId && reader.TokenType == JsonTokenType.String)
                {
                    return FindById(owners, reader.ValueSpan);
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // It only begins like JSON.
        }

        return null;
    }

    private static OutputOwner? FindById(IReadOnlyList<OutputOwner> owners, ReadOnlySpan<byte> id)
    {
        foreach (var owner in owners)
        {
            if (Ascii.Equals(id, owner.RequestId))
            {
                return owner;
            }
        }

        return null;
    }
}
