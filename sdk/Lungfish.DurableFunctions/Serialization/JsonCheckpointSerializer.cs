using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Lungfish.DurableFunctions;

/// <summary>Keeps values as JSON, by System.Text.Json.</summary>
public sealed class JsonCheckpointSerializer : ICheckpointSerializer
{
    private readonly JsonSerializerOptions _options;

    /// <summary>
    /// Over a source-generated context: nothing is found by reflection, so trimming can break nothing.
    /// </summary>
    /// <param name="context">Must know every type that is written or read.</param>
    public JsonCheckpointSerializer(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _options = context.Options;
    }

    /// <summary>Over options of the author's own.</summary>
    /// <param name="options">
    /// Made read-only here. Without a resolver they find types by reflection, as <see cref="JsonSerializer"/> does.
    /// </param>
    public JsonCheckpointSerializer(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.TypeInfoResolver ??= DefaultResolver();
        options.MakeReadOnly();
        _options = options;
    }

    /// <summary>
    /// By reflection, property names as declared, read without regard to case. Where reflection was switched off, as
    /// in trimmed applications, it throws for every type that is not built in.
    /// </summary>
    public static JsonCheckpointSerializer Default { get; } = new(new JsonSerializerOptions
    {
        PropertyNameCaseInsensitive = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = DefaultResolver(),
    });

    /// <inheritdoc/>
    public string Serialize<T>(T value, SerializationContext context) =>
        JsonSerializer.Serialize(value, (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T)));

#nullable disable warnings // The text null is a value of T where T allows it, which this signature cannot say.
    /// <inheritdoc/>
    public T Deserialize<T>(string data, SerializationContext context) =>
        JsonSerializer.Deserialize(data, (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T)));
#nullable restore

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Guarded)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = Guarded)]
    private static IJsonTypeInfoResolver DefaultResolver() =>
        JsonSerializer.IsReflectionEnabledByDefault
            ? new DefaultJsonTypeInfoResolver()
            : JsonTypeInfoResolver.Combine();

    private const string Guarded =
        "Trimmed applications have this switch off, and the trimmer then removes the branch that reflects.";
}
