using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Parsing;

namespace Lungfish.Jsonata.Compiling;

/// <summary>Chooses how a path is walked.</summary>
/// <param name="compiler">Compiles what is inside.</param>
/// <param name="travelling">The variables that items carry in paths of this expression.</param>
internal sealed class PathCompiler(Compiler compiler, IReadOnlyList<string> travelling)
{
    public Node Compile(Syntax path, Scope scope)
    {
        var keeps = path.KeepsSingleton || path.KeepsArray;
        if (path.Items.Exists(static step => step.IsTuple))
        {
            return CompileTuples(path, scope, keeps);
        }

        var first = path.Items[0];
        if (path.Group is null && path.Items.Skip(1).All(IsPlainName) && (IsPlainName(first) || IsPlainVariable(path)))
        {
            var isName = first.Kind == SyntaxKind.Name;
            return new NamesNode(
                isName ? null : compiler.Compile(first, scope),
                [.. path.Items.Skip(isName ? 0 : 1).Select(static step => new MemberName(step.Text))])
            {
                KeepsArray = keeps,
            };
        }

        return new PathNode(
            [.. path.Items.Select(step => CompileStep(step, scope))],
            first.Kind == SyntaxKind.Variable,
            first.ConstructsItem,
            path.Group is null ? null : compiler.CompileGrouping(path.Group, scope))
        {
            KeepsSingleton = keeps,
        };
    }

    private static bool IsPlainName(Syntax step) => step is { Kind: SyntaxKind.Name, Stages: null, Predicates: null };

    private static bool IsPlainVariable(Syntax path) =>
        path.Items.Count > 1 && path.Items[0] is { Kind: SyntaxKind.Variable, Stages: null, Predicates: null };

    private Step CompileStep(Syntax step, Scope scope)
    {
        var filters = (step.Stages ?? []).Select(stage => compiler.CompileFilter(stage.Filter ?? step, scope));
        return step.Kind == SyntaxKind.Sort
            ? new Step(null, new ConstantNode(default), [.. filters], CompileSort(step, scope))
            : new Step(
                IsPlainName(step) ? new MemberName(step.Text) : null,
                compiler.Compile(step, scope),
                [.. filters],
                null);
    }

    private Sorter CompileSort(Syntax step, Scope scope) => new(
        [.. step.Terms.Select(term => new SortKey(compiler.Compile(term.Expression, scope), term.Descending))],
        step.Position);

    private TuplePathNode CompileTuples(Syntax path, Scope scope, bool keeps)
    {
        var tuples = new Scope(scope, travelling, isTuple: true);
        var steps = new List<TupleStep>();
        var current = scope;
        foreach (var step in path.Items)
        {
            current = step.IsTuple ? tuples : current;
            var inside = current;
            steps.Add(new TupleStep(
                step.Kind == SyntaxKind.Sort ? new ConstantNode(default) : compiler.Compile(step, inside),
                step.Kind == SyntaxKind.Sort ? CompileSort(step, inside) : null,
                step.IsTuple,
                PlaceOf(tuples, step.Focus),
                PlaceOf(tuples, step.Index),
                PlaceOf(tuples, step.Ancestor?.Label),
                [.. (step.Stages ?? []).Select(stage => (
                    stage.Filter is null ? null : compiler.CompileFilter(stage.Filter, inside),
                    PlaceOf(tuples, stage.Index)))]));
        }

        return new TuplePathNode(
            [.. steps],
            travelling.Count,
            path.Items[0].Kind == SyntaxKind.Variable,
            path.Items[0].ConstructsItem,
            path.IsTuple,
            path.Group is null ? null : compiler.CompileGrouping(path.Group, tuples))
        {
            KeepsSingleton = keeps,
        };
    }

    private static int PlaceOf(Scope scope, string? name) => name is null ? -1 : scope.PlaceOf(name);
}
