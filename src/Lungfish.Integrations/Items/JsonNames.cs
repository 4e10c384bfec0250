using System.Text.Json;
using Lungfish.Json;

namespace Lungfish.Integrations.Items;

/// <summary>Member names as <see cref="JsonValue"/> reads them: lone surrogates, which the reader's own methods throw
/// for, are kept.</summary>
internal static class JsonNames
{
    /// <param name="reader">Stands at a name, in one segment.</param>
    /// <exception cref="JsonParseException">It is not valid UTF-8.</exception>
    public static string Read(ref Utf8JsonReader reader)
    {
        byte[] token = [(byte)'"', .. reader.ValueSpan, (byte)'"'];
        return ((JsonString)JsonValue.Parse(token)).Value;
    }
}
