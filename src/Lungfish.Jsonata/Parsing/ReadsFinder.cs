using System.Collections.Immutable;

namespace Lungfish.Jsonata.Parsing;

/// <summary>Walks a syntax tree for what it reads from outside.</summary>
internal sealed class ReadsFinder
{
    private readonly Func<string, bool> _isFunction;
    private readonly SortedSet<string> _variables = new(StringComparer.Ordinal);
    private readonly List<(int Position, string Name)> _references = [];
    private readonly List<(int Position, ImmutableArray<string> Path)> _paths = [];

    private ReadsFinder(Func<string, bool> isFunction) => _isFunction = isFunction;

    /// <param name="expression">The tree, after its second pass.</param>
    /// <param name="isFunction">Whether the library has a function of that name.</param>
    public static JsonataReads Find(Syntax expression, Func<string, bool> isFunction)
    {
        var finder = new ReadsFinder(isFunction);
        finder.Walk(expression, new Bindings(null, false, null), isTop: true);
        return new JsonataReads
        {
            Variables = [.. finder._variables],
            TopLevelReferences = [.. finder._references.OrderBy(static r => r.Position).Select(static r => r.Name)],
            Paths = [.. finder._paths.OrderBy(static p => p.Position).Select(static p => p.Path)],
        };
    }

    private void Walk(Syntax? node, Bindings scope, bool isTop)
    {
        if (node is null)
        {
            return;
        }

        Nesting.Check(node.Position);
        switch (node.Kind)
        {
            case SyntaxKind.Path:
                WalkPath(node, scope, isTop);
                break;
            case SyntaxKind.Variable:
                Read(node, [node.Text], scope, isTop);
                break;
            case SyntaxKind.Lambda:
                Walk(node.Left, new Bindings(scope, true, node), isTop: false);
                break;
            case SyntaxKind.Block:
                var block = new Bindings(scope, false, node);
                node.Items.ForEach(item => Walk(item, block, isTop));
                break;
            case SyntaxKind.Bind:
                Walk(node.Right, scope, isTop);
                scope.Bind(node.Left?.Text ?? "");
                break;
            case SyntaxKind.Transform:
                Walk(node.Left, scope, isTop: false);
                Walk(node.Right, scope, isTop: false);
                Walk(node.Other, scope, isTop: false);
                break;
            default:
                Walk(node.Left, scope, isTop);
                node.Items.ForEach(item => Walk(item, scope, isTop));
                WalkPairs(node, scope, isTop);
                Walk(node.Right, scope, isTop);
                Walk(node.Other, scope, isTop);
                break;
        }

        node.Predicates?.ForEach(stage => Walk(stage.Filter, scope, isTop: false));
        WalkPairs(node.Group, node.IsPath ? new Bindings(scope, false, node) : scope, isTop: false);
    }

    private void WalkPath(Syntax path, Bindings outer, bool isTop)
    {
        var scope = new Bindings(outer, false, path);
        for (var i = 0; i < path.Items.Count; i++)
        {
            var step = path.Items[i];
            var isFirst = i == 0;
            switch (step.Kind)
            {
                case SyntaxKind.Name:
                    if (isFirst && isTop)
                    {
                        _references.Add((step.Position, step.Text));
                    }

                    break;
                case SyntaxKind.Variable when isFirst && step.Predicates is null && step.Stages is null:
                    Read(step, NamesFrom(path), scope, isTop);
                    break;
                case SyntaxKind.Sort:
                    step.Terms.ForEach(term => Walk(term.Expression, scope, isTop: false));
                    break;
                default:
                    Walk(step, scope, isTop && isFirst);
                    break;
            }

            step.Stages?.ForEach(stage => Walk(stage.Filter, scope, isTop: false));
        }
    }

    private void WalkPairs(Syntax? node, Bindings scope, bool isTop)
    {
        node?.Pairs.ForEach(pair =>
        {
            Walk(pair.Key, scope, isTop);
            Walk(pair.Value, scope, isTop);
        });
    }

    private void Read(Syntax variable, ImmutableArray<string> path, Bindings scope, bool isTop)
    {
        var name = variable.Text;
        if (name is "" or "$")
        {
            if (isTop)
            {
                _references.Add((variable.Position, "$" + name));
            }

            return;
        }

        if (!scope.Has(name) && !_isFunction(name))
        {
            _variables.Add(name);
            _paths.Add((variable.Position, path));
        }
    }

    /// <summary>The variable and the names behind it, up to the first that is filtered.</summary>
    private static ImmutableArray<string> NamesFrom(Syntax path)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var step in path.Items)
        {
            if (names.Count > 0 && step.Kind != SyntaxKind.Name)
            {
                break;
            }

            names.Add(step.Text);
            if (step.Stages is not null)
            {
                break;
            }
        }

        return names.ToImmutable();
    }

    /// <summary>The variables that are bound somewhere.</summary>
    private sealed class Bindings
    {
        private readonly Bindings? _outer;
        private readonly bool _isLambda;
        private readonly HashSet<string> _sofar = new(StringComparer.Ordinal);
        private readonly HashSet<string> _ever = new(StringComparer.Ordinal);

        public Bindings(Bindings? outer, bool isLambda, Syntax? owner)
        {
            (_outer, _isLambda) = (outer, isLambda);
            if (owner is null)
            {
                return;
            }

            foreach (var name in BoundNames.Of(owner))
            {
                _ever.Add(name);
            }

            if (owner.Kind is SyntaxKind.Lambda or SyntaxKind.Path)
            {
                _sofar.UnionWith(_ever);
            }
        }

        public void Bind(string name) => _sofar.Add(name);

        /// <summary>In a function's body, what is bound later counts too: it is called later.</summary>
        public bool Has(string name)
        {
            var isLater = false;
            for (var scope = this; scope is not null; scope = scope._outer)
            {
                if (scope._sofar.Contains(name) || (isLater && scope._ever.Contains(name)))
                {
                    return true;
                }

                isLater |= scope._isLambda;
            }

            return false;
        }
    }
}
