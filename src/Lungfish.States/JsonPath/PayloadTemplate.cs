using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>A JSON object in which members named <c>key.$</c> are paths to evaluate (Parameters, ResultSelector, ...).</summary>
public sealed class PayloadTemplate
{
    private PayloadTemplate(JsonObject template) => Template = template;

    public JsonObject Template { get; }

    /// <summary>True if the template reads <c>$$.Task.Token</c> or the whole context object.</summary>
    public bool ReadsTaskToken => throw new NotSupportedException();

    /// <summary>Compiles a template: every path in it is parsed here, once.</summary>
    /// <exception cref="PayloadTemplateException">A <c>.$</c> member that is no path.</exception>
    public static PayloadTemplate Parse(JsonObject template) => throw new NotSupportedException();

    public TemplateResult Evaluate(JsonValue input, JsonValue context) => throw new NotSupportedException();
}

/// <param name="Value">Null if a path found nothing.</param>
/// <param name="FailedField">Then: the member, with its <c>.$</c>, whose path found nothing.</param>
/// <param name="FailedPath">Then: that path as the definition has it.</param>
public readonly record struct TemplateResult(JsonValue? Value, string? FailedField, string? FailedPath);

/// <summary>A member of a template is not what a template may hold.</summary>
public sealed class PayloadTemplateException(string field, string message) : Exception(message)
{
    /// <summary>The member, with its <c>.$</c>.</summary>
    public string Field { get; } = field;
}
