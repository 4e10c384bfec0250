using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>A JSON object whose members named <c>key.$</c> are paths to evaluate: Parameters, ResultSelector.</summary>
public sealed class PayloadTemplate
{
    private readonly TemplateNode _root;

    private PayloadTemplate(JsonObject template, TemplateNode root)
    {
        Template = template;
        _root = root;
        ReadsTaskToken = root.ReadsTaskToken;
    }

    public JsonObject Template { get; }

    /// <summary>True if the template reads <c>$$.Task.Token</c> or the whole context object.</summary>
    public bool ReadsTaskToken { get; }

    /// <summary>Compiles a template: every path in it is parsed here, once.</summary>
    /// <exception cref="PayloadTemplateException">A <c>.$</c> member that is no path.</exception>
    public static PayloadTemplate Parse(JsonObject template) => new(template, TemplateNode.Parse(template, ""));

    public TemplateResult Evaluate(PathRoots roots)
    {
        PathNode? failed = null;
        var value = _root.Evaluate(roots, ref failed);
        return failed is null
            ? new TemplateResult(value, null, null)
            : new TemplateResult(null, failed.Field, failed.Path.Text);
    }
}

/// <param name="Value">Null if a path found nothing.</param>
/// <param name="FailedField">Then: the member, with its <c>.$</c>, whose path found nothing.</param>
/// <param name="FailedPath">Then: that path as the definition has it.</param>
public readonly record struct TemplateResult(JsonValue? Value, string? FailedField, string? FailedPath);

/// <summary>A member of a template is not what a template may hold.</summary>
/// <param name="location">Where the object with the member stands below the template, such as <c>/a/b[0]</c>.</param>
/// <param name="field">The member, with its <c>.$</c>.</param>
/// <param name="message">What is wrong, in AWS's words where they are known.</param>
/// <param name="reason">What exactly is wrong with the value, if that is more.</param>
public sealed class PayloadTemplateException(string location, string field, string message, FormatException? reason)
    : Exception(message, reason)
{
    public string Location { get; } = location;

    public string Field { get; } = field;

    /// <summary>True if AWS would take it: only this program does not yet.</summary>
    public bool IsNotSupportedYet { get; } = reason is PathNotSupportedException;
}
