using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>A JSON object whose members named <c>key.$</c> are to be evaluated: Parameters, ResultSelector,
/// ItemSelector, Assign, BatchInput, Credentials.</summary>
public sealed class PayloadTemplate
{
    private readonly TemplateNode _root;

    private PayloadTemplate(JsonObject template, TemplateNode root)
    {
        Template = template;
        _root = root;
        ReadsTaskToken = root.Values.Any(value => value.ReadsTaskToken);
    }

    public JsonObject Template { get; }

    /// <summary>True if the template reads <c>$$.Task.Token</c> or the whole context object.</summary>
    public bool ReadsTaskToken { get; }

    /// <summary>The variables that the template reads, without the dollar sign; a name may come twice.</summary>
    public IEnumerable<string> Variables => _root.Values.SelectMany(value => value.Variables);

    /// <summary>Compiles a template: every path and call in it is parsed here, once.</summary>
    /// <exception cref="PayloadTemplateException">A <c>.$</c> member that is neither.</exception>
    public static PayloadTemplate Parse(JsonObject template) => new(template, TemplateNode.Parse(template, ""));

    public ValueResult Evaluate(PathRoots roots)
    {
        ValueFailure? failure = null;
        var value = _root.Evaluate(roots, ref failure);
        return failure is null ? new ValueResult(value, null) : new ValueResult(null, failure);
    }
}

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
}
