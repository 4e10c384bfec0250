using System.Collections.Immutable;
using System.Globalization;
using Lungfish.Json;
using Lungfish.States.Jsonata;
using Lungfish.States.JsonPath;
using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads the fields of one object of a definition, and reports those that are not what they must be.</summary>
/// <remarks>A method that returns null for a field that is there has reported it.</remarks>
/// <param name="state">The state that the object is, or is a part of; null outside of states.</param>
internal sealed class FieldReader(DefinitionNode node, DiagnosticBag diagnostics, StateReading? state = null)
{
    // Measured.
    private const string NotReference = "Value is not a Reference Path";

    public DefinitionNode Node { get; } = node;

    public bool IsJsonata => state is { Language: QueryLanguage.Jsonata };

    public DefinitionNode? this[string name] => Node[name];

    public bool Has(string name) => Node[name] is not null;

    public void Refuse(string message, string hint) => Refuse(Node, message, hint);

    public void Refuse(DefinitionNode at, string message, string hint) =>
        diagnostics.Error(at, DiagnosticCodes.Schema, message, hint);

    public void Refuse(DefinitionNode at, string code, string message, string hint) =>
        diagnostics.Error(at, code, message, hint);

    public void Warn(DefinitionNode at, string code, string message, string hint) =>
        diagnostics.Warning(at, code, message, hint);

    public void RefuseForNow(DefinitionNode at, string message, string hint) =>
        diagnostics.Error(at, DiagnosticCodes.NotSupportedYet, message, hint);

    /// <summary>Reports those that are missing, in one message and in this order, as AWS does.</summary>
    public bool Require(params ReadOnlySpan<string> names)
    {
        List<string> missing = [];
        foreach (var name in names)
        {
            if (!Has(name))
            {
                missing.Add(name);
            }
        }

        if (missing.Count == 0)
        {
            return true;
        }

        // Recorded in sfn_api_validation (EMPTY_DICT).
        Refuse($"These fields are required: [{string.Join(", ", missing)}]", $"Add {Listed(missing)} here.");
        return false;
    }

    /// <summary>Reports two fields that exclude each other; false if both are there.</summary>
    public bool AllowOneOf(string one, string other)
    {
        if (!Has(one) || !Has(other))
        {
            return true;
        }

        RefuseSeveral([one, other], $"Remove '{one}' or '{other}'.");
        return false;
    }

    /// <summary>Reports if none of the fields is there, or several; gives the one that is.</summary>
    public string? RequireOneOf(params IReadOnlyList<string> names)
    {
        List<string> given = [.. names.Where(Has)];
        if (given.Count == 0)
        {
            RefuseNone(names, $"Add one of {Listed(names)}.");
        }
        else if (given.Count > 1)
        {
            RefuseSeveral(names, $"Keep one of {Listed(given)}.");
        }

        return given.Count == 1 ? given[0] : null;
    }

    // Measured, the words of both.
    public void RefuseNone(IEnumerable<string> names, string hint) =>
        Refuse($"This object should have only one of the following fields: [{string.Join(", ", names)}]", hint);

    public void RefuseSeveral(IEnumerable<string> names, string hint) =>
        Refuse($"There should only be one of the following fields: [{string.Join(", ", names)}]", hint);

    public string? Text(string name)
    {
        if (Node[name] is not { } field)
        {
            return null;
        }

        if (field.Text is null)
        {
            RefuseType(field, "String");
        }

        return field.Text;
    }

    /// <summary>A whole number within the bounds.</summary>
    public long? Integer(string name, long min, long max)
    {
        if (Node[name] is not { } field)
        {
            return null;
        }

        if (field.ToJson() is not JsonNumber number || !number.TryGetInt64(out var value))
        {
            RefuseType(field, "Integer");
            return null;
        }

        if (value >= min && value <= max)
        {
            return value;
        }

        RefuseRange(field, value < min, $"{(value < min ? min : max)}");
        return null;
    }

    public double? Number(string name, double min, double max = double.PositiveInfinity)
    {
        if (Node[name] is not { } field)
        {
            return null;
        }

        if (field.ToJson() is not JsonNumber number)
        {
            RefuseType(field, "Number");
            return null;
        }

        if (number.Value >= min && number.Value <= max)
        {
            return number.Value;
        }

        var isLow = !(number.Value >= min);
        RefuseRange(field, isLow, (isLow ? min : max).ToString("0.0###", CultureInfo.InvariantCulture));
        return null;
    }

    public bool? Boolean(string name)
    {
        if (Node[name] is not { } field)
        {
            return null;
        }

        if (field.ToJson() is JsonBoolean boolean)
        {
            return boolean.Value;
        }

        RefuseType(field, "Boolean");
        return null;
    }

    /// <summary>One of a few words.</summary>
    public string? Word(string name, params ImmutableArray<string> words)
    {
        if (Text(name) is not { } text || Node[name] is not { } field)
        {
            return null;
        }

        if (words.Contains(text))
        {
            return text;
        }

        // Recorded for the field Type; measured for QueryLanguage, ExecutionType and JitterStrategy.
        var sentence = name == "Type"
            ? $"The field '{name}' should have one of these values"
            : "Value should be one of the following";
        Refuse(field, $"{sentence}: [{string.Join(", ", words)}]", $"Write {Listed(words, "or")}; case matters.");
        return null;
    }

    public FieldReader? Object(string name) => Node[name] is { } field ? AsObject(field) : null;

    public FieldReader? AsObject(DefinitionNode field)
    {
        if (field.Kind == JsonKind.Object)
        {
            return new FieldReader(field, diagnostics, state);
        }

        RefuseType(field, "Object");
        return null;
    }

    /// <summary>The items of an array; none if the field is not there or was refused.</summary>
    public IReadOnlyList<DefinitionNode> Items(string name, bool canBeEmpty)
    {
        if (Node[name] is not { } field)
        {
            return [];
        }

        if (field.Kind != JsonKind.Array)
        {
            RefuseType(field, "Array");
            return [];
        }

        if (field.Children.Count == 0 && !canBeEmpty)
        {
            // Recorded for the field Branches.
            Refuse(field, "Value cannot be empty", $"Put at least one element into '{name}'.");
        }

        return field.Children;
    }

    /// <summary>A path, or null where JSON null stands; the whole if the field is not there.</summary>
    public PathField PathOrNull(string name, bool isReference = false) => Node[name] switch
    {
        null => PathField.Whole,
        { Kind: JsonKind.Null } => new PathField(null),
        _ => Path(name, isReference) is { } path ? new PathField(path) : PathField.Whole,
    };

    /// <param name="isReference">The path must lead to one place.</param>
    /// <param name="isOfInput">It must be a path of the input: not of the context object.</param>
    public PathExpression? Path(string name, bool isReference, bool isOfInput = false)
    {
        if (Text(name) is not { } text || Node[name] is not { } field)
        {
            return null;
        }

        try
        {
            var path = isReference ? PathExpression.ParseReference(text) : PathExpression.Parse(text);
            if (isOfInput && path.ReadsContext)
            {
                Refuse(field, NotReference, "Here the path reads the input, or a variable.");
                return null;
            }

            if (path.VariableName is { } variable)
            {
                _ = state?.VariablesRead.Add(variable);
            }

            return path;
        }
        catch (FormatException e)
        {
            // Measured, with this full stop.
            var isPath = text.StartsWith('$');
            Refuse(field, isReference && isPath ? NotReference : "Value must be a valid JSONPath.", e.Message);
        }

        return null;
    }

    /// <summary>A path or a call of an intrinsic function.</summary>
    public ValueExpression? Value(string name)
    {
        if (Text(name) is not { } text || Node[name] is not { } field)
        {
            return null;
        }

        try
        {
            var value = ValueExpression.Parse(text);
            state?.VariablesRead.UnionWith(value.Variables);
            return value;
        }
        catch (FormatException e)
        {
            // AWS's words are recorded for members of templates only.
            Refuse(
                field,
                $"The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call",
                e.Message);
            return null;
        }
    }

    /// <summary>Any JSON value with expressions in it.</summary>
    public JsonataTemplate? Jsonata(string name, JsonataPlace place) =>
        Node[name] is { } field && state is not null ? new JsonataReader(state, diagnostics).Read(field, place) : null;

    public PayloadTemplate? Template(string name)
    {
        if (Object(name) is not { } field)
        {
            return null;
        }

        LiteralPaths.WarnInTemplate(field.Node, diagnostics);
        try
        {
            var template = PayloadTemplate.Parse((JsonObject)field.Node.ToJson());
            state?.VariablesRead.UnionWith(template.Variables);
            return template;
        }
        catch (PayloadTemplateException e)
        {
            Refuse(field.Node.Find(e.Location), e.Message, e.InnerException?.Message
                ?? $"'{e.Field}' wants a text that begins with '$', and no second field of its name without '.$'.");
            return null;
        }
    }

    public void RefuseType(DefinitionNode field, string type) =>
        Refuse(field, $"Expected value of type {type}", $"'{field.Name}' is {Article(field.Kind)} here.");

    // Measured.
    private void RefuseRange(DefinitionNode field, bool isLow, string limit) => Refuse(
        field,
        $"{(isLow ? "Minimum" : "Maximum")} value is {limit}",
        $"Write {limit} or {(isLow ? "more" : "less")}.");

    private static string Listed(IReadOnlyList<string> names, string conjunction = "and") => names.Count == 1
        ? $"'{names[0]}'"
        : $"'{string.Join("', '", names.SkipLast(1))}' {conjunction} '{names[^1]}'";

    private static string Article(JsonKind kind) => kind switch
    {
        JsonKind.Array => "an array",
        JsonKind.Boolean => "a boolean",
        JsonKind.Null => "null",
        JsonKind.Number => "a number",
        JsonKind.Object => "an object",
        _ => "a text",
    };
}
