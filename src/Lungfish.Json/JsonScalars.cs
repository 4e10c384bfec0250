namespace Lungfish.Json;

public sealed class JsonNull : JsonValue
{
    internal static readonly JsonNull Instance = new();

    private JsonNull() { }

    public override JsonKind Kind => JsonKind.Null;
}

public sealed class JsonBoolean : JsonValue
{
    internal static readonly JsonBoolean TrueInstance = new(true);
    internal static readonly JsonBoolean FalseInstance = new(false);

    private JsonBoolean(bool value) => Value = value;

    public bool Value { get; }

    public override JsonKind Kind => JsonKind.Boolean;
}

public sealed class JsonString : JsonValue
{
    public JsonString(string value) => Value = value;

    /// <summary>Any UTF-16 text, lone surrogates included.</summary>
    public string Value { get; }

    public override JsonKind Kind => JsonKind.String;
}
