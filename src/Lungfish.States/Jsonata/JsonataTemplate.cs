using System.Collections.Immutable;
using Lungfish.Json;

namespace Lungfish.States.Jsonata;

/// <summary>A JSON value of a definition in which the texts between <c>{%</c> and <c>%}</c> are expressions.</summary>
/// <remarks>Compiled once. What holds no expression is one literal, and every evaluation shares it.</remarks>
public sealed class JsonataTemplate
{
    private readonly JsonataNode _root;

    internal JsonataTemplate(JsonataNode root)
    {
        _root = root;
        Expressions = [.. root.Expressions];
    }

    /// <summary>The value, if nothing in it is an expression.</summary>
    public JsonValue? Literal => (_root as JsonataLiteral)?.Value;

    /// <summary>True if the template reads <c>$states.context.Task.Token</c> or something around it.</summary>
    public bool ReadsTaskToken => Expressions.Any(expression => expression.ReadsTaskToken);

    internal ImmutableArray<StateExpression> Expressions { get; }

    /// <summary>The expression, if the whole template is one.</summary>
    internal StateExpression? Single => (_root as JsonataLeaf)?.Expression;

    internal JsonataResult Evaluate(JsonataRoots roots)
    {
        JsonataProblem? problem = null;
        var value = _root.Evaluate(roots, ref problem);
        return new JsonataResult(problem is null ? value : null, problem);
    }
}

/// <summary>A compiled part of a template.</summary>
internal abstract class JsonataNode
{
    public virtual IEnumerable<StateExpression> Expressions => [];

    /// <summary>The value of this part, void if <paramref name="problem"/> is set.</summary>
    public abstract JsonValue Evaluate(JsonataRoots roots, ref JsonataProblem? problem);
}

internal sealed class JsonataLiteral(JsonValue value) : JsonataNode
{
    public JsonValue Value => value;

    public override JsonValue Evaluate(JsonataRoots roots, ref JsonataProblem? problem) => value;
}

internal sealed class JsonataLeaf(StateExpression expression) : JsonataNode
{
    public StateExpression Expression => expression;

    public override IEnumerable<StateExpression> Expressions => [expression];

    public override JsonValue Evaluate(JsonataRoots roots, ref JsonataProblem? problem)
    {
        var result = expression.Evaluate(roots);
        problem = result.Problem;
        return result.Value ?? JsonValue.Null;
    }
}

internal sealed class JsonataArray(ImmutableArray<JsonataNode> items) : JsonataNode
{
    public override IEnumerable<StateExpression> Expressions => items.SelectMany(item => item.Expressions);

    public override JsonValue Evaluate(JsonataRoots roots, ref JsonataProblem? problem)
    {
        var values = ImmutableArray.CreateBuilder<JsonValue>(items.Length);
        foreach (var item in items)
        {
            values.Add(item.Evaluate(roots, ref problem));
            if (problem is not null)
            {
                return JsonArray.Empty;
            }
        }

        return new JsonArray(values.MoveToImmutable());
    }
}

internal sealed class JsonataObject(ImmutableArray<(string Name, JsonataNode Node)> members) : JsonataNode
{
    public override IEnumerable<StateExpression> Expressions => members.SelectMany(member => member.Node.Expressions);

    public override JsonValue Evaluate(JsonataRoots roots, ref JsonataProblem? problem)
    {
        var values = new JsonObject.Builder();
        foreach (var (name, node) in members)
        {
            values.Set(name, node.Evaluate(roots, ref problem));
            if (problem is not null)
            {
                break;
            }
        }

        return values.Build();
    }
}
