using System.Text;
using System.Text.Json;
using Lungfish.Json;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads a definition's text into nodes that know where they stand.</summary>
internal static class DefinitionReader
{
    /// <summary>Levels of JSON: room for some hundred containers inside each other. Parsers and deciders go down with
    /// them, so this bounds the stack.</summary>
    public const int DepthMax = 512;

    /// <summary>Documented: 1 MiB.</summary>
    public const int CharsMax = 1_048_576;

    /// <param name="text">The definition.</param>
    /// <param name="utf8">The same text.</param>
    /// <param name="diagnostics">Gets what is wrong.</param>
    /// <param name="parent">What the definition stands in, if it is not that of a whole machine.</param>
    /// <param name="name">What it is called there.</param>
    /// <returns>Null if the text is no JSON object; the diagnostics say why.</returns>
    public static DefinitionNode? Read(
        string text, byte[] utf8, DiagnosticBag diagnostics, DefinitionNode? parent = null, string? name = null)
    {
        if (text.Length > CharsMax)
        {
            diagnostics.Error(
                null, DiagnosticCodes.Schema, $"The definition is longer than {CharsMax} characters", null,
                "Split the machine: a Task can start another one.");
            return null;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return RefuseOtherThanObject(diagnostics);
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            _ = reader.Read();
            var root = ReadNode(ref reader, utf8, parent, diagnostics, name);
            _ = reader.Read(); // Throws if more follows.
            return root.Kind == JsonKind.Object ? root : RefuseOtherThanObject(diagnostics);
        }
        catch (JsonException e)
        {
            RefuseJson(text, e, diagnostics);
            return null;
        }
    }

    private static DefinitionNode ReadNode(
        ref Utf8JsonReader reader,
        byte[] utf8,
        DefinitionNode? parent,
        DiagnosticBag diagnostics,
        string? name = null)
    {
        var offset = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            name = ReadText(ref reader, utf8);
            _ = reader.Read();
        }

        var kind = reader.TokenType switch
        {
            JsonTokenType.StartObject => JsonKind.Object,
            JsonTokenType.StartArray => JsonKind.Array,
            JsonTokenType.String => JsonKind.String,
            JsonTokenType.Number => JsonKind.Number,
            JsonTokenType.Null => JsonKind.Null,
            _ => JsonKind.Boolean,
        };
        JsonValue? scalar = kind switch
        {
            JsonKind.Object or JsonKind.Array => null,
            JsonKind.String => ReadText(ref reader, utf8),
            _ => JsonValue.Parse(reader.ValueSpan),
        };
        var node = new DefinitionNode(parent, name, offset, kind, scalar);
        if (parent?.Add(node) is { } earlier)
        {
            diagnostics.Warning(
                node, DiagnosticCodes.Schema, $"Field '{name}' stands twice in this object; the last one counts",
                $"Remove the one in line {diagnostics.PositionOf(earlier.Offset).Line}.");
        }

        if (scalar is null)
        {
            while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
            {
                _ = ReadNode(ref reader, utf8, node, diagnostics);
            }
        }

        return node;
    }

    /// <summary>The text of a token. The reader's own GetString refuses surrogates that stand alone.</summary>
    private static string ReadText(ref Utf8JsonReader reader, byte[] utf8)
    {
        var token = utf8.AsSpan((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2);
        return reader.ValueIsEscaped && JsonValue.Parse(token) is JsonString text
            ? text.Value
            : Encoding.UTF8.GetString(reader.ValueSpan);
    }

    private static DefinitionNode? RefuseOtherThanObject(DiagnosticBag diagnostics)
    {
        // Recorded in sfn_api_validation (EMPTY_STRING): no location.
        diagnostics.Error(
            null, DiagnosticCodes.Schema, "Definition must be a valid JSON object", null,
            "Give the definition as one JSON object.");
        return null;
    }

    private static void RefuseJson(string text, JsonException e, DiagnosticBag diagnostics)
    {
        // The reader tells it by its message alone.
        if (e.Message.StartsWith("The maximum configured depth", StringComparison.Ordinal))
        {
            diagnostics.Error(
                null, DiagnosticCodes.TooDeeplyNested,
                $"The definition is nested more than {DepthMax} levels deep", null,
                "Put a part of it into a state machine of its own and start that from a Task.");
            return;
        }

        var jackson = JacksonText.Of(text);
        var source = jackson.Source(text);
        diagnostics.ErrorAt(
            jackson.Line, jackson.Column, DiagnosticCodes.InvalidJson, $"{jackson.Message}\n at {source}", source,
            "Check the JSON at that place: quotes, commas and brackets.");
    }
}
