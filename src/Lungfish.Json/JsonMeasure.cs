using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Lungfish.Json;

/// <summary>Lengths in UTF-8 of what <see cref="JsonWriter"/> writes.</summary>
internal static class JsonMeasure
{
    /// <summary>What is not copied as it is: controls, quote, backslash; and surrogates, which may be alone.</summary>
    public static readonly SearchValues<char> NeedsCare = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Append('"').Append('\\').Concat(Enumerable.Range(0xD800, 0x800))
            .Select(unit => (char)unit)]);

    /// <summary>Exact however large: a part that is held many times is measured once and counts each time.</summary>
    public static long Of(JsonValue value)
    {
        if (Known(value) is >= 0 and var length)
        {
            return length;
        }

        List<Frame> open = [Frame.Of(value)];
        while (true)
        {
            ref var frame = ref CollectionsMarshal.AsSpan(open)[^1];
            if (SumOn(ref frame) is { } inner)
            {
                open.Add(Frame.Of(inner));
                continue;
            }

            length = frame.Close();
            open.RemoveAt(open.Count - 1);
            if (open.Count == 0)
            {
                return length;
            }

            CollectionsMarshal.AsSpan(open)[^1].Sum += length;
        }
    }

    /// <summary>The length of a changed copy, so that it need not be measured whole again.</summary>
    /// <param name="measured">That of a container with at least one part, or -1 if nobody has measured it.</param>
    public static long AfterReplacing(long measured, JsonValue old, JsonValue value) =>
        measured < 0 ? measured : measured - Of(old) + Of(value);

    /// <inheritdoc cref="AfterReplacing"/>
    /// <param name="name">The member's, or null for an item.</param>
    public static long AfterAdding(long measured, string? name, JsonValue value) =>
        measured < 0 ? measured : measured + 1 + (name is null ? 0 : OfText(name) + 1) + Of(value);

    public static long OfText(string text)
    {
        if (!text.AsSpan().ContainsAny(NeedsCare))
        {
            return 2 + Encoding.UTF8.GetByteCount(text);
        }

        long length = 2;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c < 0x80)
            {
                length += c switch
                {
                    '"' or '\\' or '\b' or '\f' or '\n' or '\r' or '\t' => 2,
                    < ' ' => 6,
                    _ => 1,
                };
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                length += 4;
                i++;
            }
            else
            {
                length += char.IsSurrogate(c) ? 6 : c < 0x800 ? 2 : 3;
            }
        }

        return length;
    }

    /// <summary>Sums on up to a child that was not measured yet; returns that child.</summary>
    private static JsonValue? SumOn(ref Frame frame)
    {
        while (frame.Next < frame.Count)
        {
            var i = frame.Next++;
            JsonValue value;
            if (frame.Object is { } obj)
            {
                (var name, value) = obj.Members[i];
                frame.Sum += OfText(name) + 1;
            }
            else
            {
                value = frame.Items[i];
            }

            if (Known(value) is not (>= 0 and var length))
            {
                return value;
            }

            frame.Sum += length;
        }

        return null;
    }

    /// <summary>The length of a scalar or of what was measured before, else -1.</summary>
    private static long Known(JsonValue value) => value switch
    {
        JsonString text => OfText(text.Value),
        JsonNumber number => number.TextLength,
        JsonArray array => array.Count == 0 ? 2 : array.MeasuredLength,
        JsonObject obj => obj.Count == 0 ? 2 : obj.MeasuredLength,
        JsonBoolean { Value: false } => 5,
        _ => 4,
    };

    private struct Frame
    {
        public JsonArray? Array;
        public JsonObject? Object;
        public SharedList<JsonValue> Items;
        public int Count;
        public int Next;
        public long Sum;

        public static Frame Of(JsonValue container) => container is JsonObject obj
            ? new Frame { Object = obj, Count = obj.Count, Sum = obj.Count + 1 } // Brackets and commas.
            : container is JsonArray array
                ? new Frame { Array = array, Items = array.Items, Count = array.Count, Sum = array.Count + 1 }
                : throw new ArgumentException("Only arrays and objects have parts.", nameof(container));

        public readonly long Close()
        {
            if (Object is not null)
            {
                Object.MeasuredLength = Sum;
            }
            else if (Array is not null)
            {
                Array.MeasuredLength = Sum;
            }

            return Sum;
        }
    }
}
