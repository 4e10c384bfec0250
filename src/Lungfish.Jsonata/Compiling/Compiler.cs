using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Parsing;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Compiling;

/// <summary>Makes nodes that can be evaluated of a syntax tree; each variable gets its place.</summary>
internal sealed class Compiler
{
    private readonly Dialect _dialect;
    private readonly Func<string, Value>? _resolve;
    private readonly List<string> _globals = [];
    private readonly IReadOnlyList<string> _travelling;

    private Compiler(Dialect dialect, IReadOnlyList<string> travelling, Func<string, Value>? resolve) =>
        (_dialect, _travelling, _resolve) = (dialect, travelling, resolve);

    /// <summary>An expression that stands by itself.</summary>
    public static Program Compile(Syntax syntax, Dialect dialect)
    {
        var compiler = new Compiler(dialect, BoundNames.TravellingIn(syntax), null);
        var root = new Scope(null, BoundNames.AssignedIn(syntax));
        return new Program(compiler.Compile(syntax, root), root.Count, [.. compiler._globals]);
    }

    /// <summary>An expression that another one made while it runs, and that reads its variables.</summary>
    /// <param name="syntax">The expression.</param>
    /// <param name="dialect">That of the other one.</param>
    /// <param name="around">The variables around it.</param>
    /// <param name="resolve">What names mean that are bound nowhere.</param>
    public static Program Compile(Syntax syntax, Dialect dialect, Scope around, Func<string, Value> resolve)
    {
        var compiler = new Compiler(dialect, BoundNames.TravellingIn(syntax), resolve);
        var root = new Scope(around, BoundNames.AssignedIn(syntax));
        return new Program(compiler.Compile(syntax, root), root.Count, []);
    }

    public Node Compile(Syntax syntax, Scope scope)
    {
        Nesting.Check(syntax.Position);
        var node = CompileBare(syntax, scope);
        node.Position = syntax.Position;
        if (syntax.Predicates is { } predicates)
        {
            node = new FilteredNode(node, [.. predicates.Select(stage => CompileFilter(stage.Filter ?? syntax, scope))])
            {
                Position = syntax.Position,
            };
        }

        if (syntax is { Group: { } group, IsPath: false })
        {
            node = new GroupedNode(node, CompileGrouping(group, scope)) { Position = syntax.Position };
        }

        node.KeepsArray |= syntax.KeepsArray;
        return node;
    }

    public ObjectConstructor CompileGrouping(Syntax pairs, Scope scope) => new(
        [.. pairs.Pairs.Select(pair => (Compile(pair.Key, scope), Compile(pair.Value, scope)))],
        pairs.Position);

    public Filter CompileFilter(Syntax filter, Scope scope) => filter is { Kind: SyntaxKind.Number, Predicates: null }
        ? new PositionFilter(filter.Number)
        : new ConditionFilter(Compile(filter, scope));

    /// <summary>What a name means here; where it is not bound yet, it is what it was further out.</summary>
    public Node Resolve(string name, Scope? scope, int up = 0)
    {
        for (; scope is not null; scope = scope.Outer)
        {
            var place = scope.PlaceOf(name);
            var levels = scope.Count > 0 ? 1 : 0;
            if (place >= 0)
            {
                return new LocalNode(up, place, Resolve(name, scope.Outer, up + levels));
            }

            up += levels;
        }

        if (_resolve is not null)
        {
            return new ConstantNode(_resolve(name));
        }

        var global = _globals.IndexOf(name);
        if (global < 0)
        {
            global = _globals.Count;
            _globals.Add(name);
        }

        return new GlobalNode(global);
    }

    private Node CompileBare(Syntax syntax, Scope scope)
    {
        switch (syntax.Kind)
        {
            case SyntaxKind.Path:
                return new PathCompiler(this, _travelling).Compile(syntax, scope);
            case SyntaxKind.Name:
                return new NameNode(new MemberName(syntax.Text));
            case SyntaxKind.String or SyntaxKind.Number or SyntaxKind.Literal:
                return new ConstantNode(LiteralValues.Of(syntax));
            case SyntaxKind.Regex:
                return new ConstantNode(Value.Of(new RegexFunction(CompileRegex(syntax))));
            case SyntaxKind.Variable:
                return CompileVariable(syntax, scope);
            case SyntaxKind.Parent:
                return Resolve(syntax.Slot?.Label ?? "", scope);
            case SyntaxKind.Wildcard:
                return new WildcardNode();
            case SyntaxKind.Descendants:
                return new DescendantsNode();
            case SyntaxKind.Binary:
                return CompileBinary(syntax, Part(syntax.Left, scope), Part(syntax.Right, scope));
            case SyntaxKind.Negation:
                return new NegationNode(Part(syntax.Left, scope));
            case SyntaxKind.Array:
                return new ArrayNode(
                    [.. syntax.Items.Select(item => (Compile(item, scope), item.Kind == SyntaxKind.Array))],
                    syntax.ConstructsItem);
            case SyntaxKind.Object:
                return new ObjectNode(CompileGrouping(syntax, scope));
            case SyntaxKind.Block:
                var inside = scope.Inside(BoundNames.Of(syntax));
                return new BlockNode(
                    [.. syntax.Items.Select(item => Compile(item, inside))], inside == scope ? 0 : inside.Count);
            case SyntaxKind.Bind:
                return CompileBind(syntax, scope);
            case SyntaxKind.Condition:
                return new ConditionNode(
                    Part(syntax.Left, scope),
                    Part(syntax.Right, scope),
                    syntax.Other is null ? null : Compile(syntax.Other, scope));
            case SyntaxKind.Coalesce or SyntaxKind.Elvis:
                return new DefaultNode(
                    Part(syntax.Left, scope), Part(syntax.Right, scope), syntax.Kind == SyntaxKind.Elvis);
            case SyntaxKind.Call:
                var call = CompileCall(syntax, scope);
                return syntax.IsTailCall ? new TailCallNode(call) : call;
            case SyntaxKind.Partial:
                return CompilePartial(syntax, scope);
            case SyntaxKind.Apply:
                return CompileApply(syntax, scope);
            case SyntaxKind.Lambda:
                return CompileLambda(syntax, scope);
            case SyntaxKind.Transform:
                return new TransformNode(
                    Part(syntax.Left, scope),
                    Part(syntax.Right, scope),
                    syntax.Other is null ? null : Compile(syntax.Other, scope),
                    Resolve("clone", scope));
            default:
                throw Errors.At("S0206", syntax.Position, syntax.Text);
        }
    }

    private Node Part(Syntax? part, Scope scope) =>
        part is null ? new ConstantNode(default) : Compile(part, scope);

    private static Node CompileBinary(Syntax syntax, Node left, Node right) => syntax.Text switch
    {
        "+" => new ArithmeticNode(left, right, "+", Arithmetic.Add),
        "-" => new ArithmeticNode(left, right, "-", Arithmetic.Subtract),
        "*" => new ArithmeticNode(left, right, "*", Arithmetic.Multiply),
        "/" => new ArithmeticNode(left, right, "/", Arithmetic.Divide),
        "%" => new ArithmeticNode(left, right, "%", Arithmetic.Remainder),
        "=" => new EqualityNode(left, right, "=", negated: false),
        "!=" => new EqualityNode(left, right, "!=", negated: true),
        "<" => new ComparisonNode(left, right, "<", Comparison.Less),
        "<=" => new ComparisonNode(left, right, "<=", Comparison.LessOrEqual),
        ">" => new ComparisonNode(left, right, ">", Comparison.Greater),
        ">=" => new ComparisonNode(left, right, ">=", Comparison.GreaterOrEqual),
        "&" => new ConcatenationNode(left, right, "&"),
        "in" => new InNode(left, right, "in"),
        ".." => new RangeNode(left, right, ".."),
        "and" => new LogicNode(left, right, "and", isAnd: true),
        "or" => new LogicNode(left, right, "or", isAnd: false),
        _ => throw Errors.At("S0204", syntax.Position, syntax.Text),
    };

    private JsonataRegex CompileRegex(Syntax syntax)
    {
        try
        {
            return JsonataRegex.Compile(syntax.Text, syntax.Flags, _dialect.IsStepFunctions);
        }
        catch (JsonataFault fault)
        {
            var error = Errors.Of(fault);
            error.Locate(syntax.Position, null, overridesPosition: true);
            throw error;
        }
    }

    private Node CompileVariable(Syntax syntax, Scope scope) => syntax.Text switch
    {
        "" => new ContextNode(),
        "$" => new RootNode(),
        var name => Resolve(name, scope),
    };

    private BindNode CompileBind(Syntax syntax, Scope scope)
    {
        var name = syntax.Left?.Text ?? "";
        var value = Part(syntax.Right, scope);
        var up = 0;
        for (var target = scope; target is not null; target = target.Outer)
        {
            if (!target.IsTuple && target.PlaceOf(name) is >= 0 and var place)
            {
                return new BindNode(up, place, value);
            }

            up += target.Count > 0 ? 1 : 0;
        }

        throw Errors.At("S0212", syntax.Position, name);
    }

    private CallNode CompileCall(Syntax syntax, Scope scope)
    {
        var (name, forgotten) = NameOf(syntax.Left, scope);
        return new CallNode(
            Part(syntax.Left, scope), name, forgotten, [.. syntax.Items.Select(item => Compile(item, scope))], scope)
        {
            Position = syntax.Position,
            KeepsArray = syntax.KeepsArray,
            ProcedurePosition = syntax.Left?.Position ?? syntax.Position,
            VariableName = syntax.Left is { Kind: SyntaxKind.Variable } variable ? variable.Text : null,
        };
    }

    private PartialNode CompilePartial(Syntax syntax, Scope scope)
    {
        var (name, forgotten) = NameOf(syntax.Left, scope);
        return new PartialNode(
            Part(syntax.Left, scope),
            name,
            forgotten,
            [.. syntax.Items.Select(item => item.Kind == SyntaxKind.Operator ? null : Compile(item, scope))]);
    }

    /// <summary>The name that is called, and the variable that is meant if a dollar sign was left out.</summary>
    private (string? Name, Node? Forgotten) NameOf(Syntax? procedure, Scope scope) => procedure switch
    {
        { IsPath: true } => (procedure.Items[0].Text, Resolve(procedure.Items[0].Text, scope)),
        { Kind: SyntaxKind.Variable } => (procedure.Text, null),
        _ => (null, null),
    };

    private ApplyNode CompileApply(Syntax syntax, Scope scope)
    {
        var left = Part(syntax.Left, scope);
        return syntax.Right is { Kind: SyntaxKind.Call } call
            ? new ApplyNode(left, CompileCall(call, scope), null)
            : new ApplyNode(left, null, Part(syntax.Right, scope));
    }

    private LambdaNode CompileLambda(Syntax syntax, Scope scope)
    {
        var inside = scope.Inside(BoundNames.Of(syntax));
        return new LambdaNode(
            [.. syntax.Items.Select(parameter => inside.PlaceOf(parameter.Text))],
            inside == scope ? 0 : inside.Count,
            Part(syntax.Left, inside),
            syntax.Signature);
    }
}

/// <summary>A compiled expression.</summary>
/// <param name="Root">What is evaluated.</param>
/// <param name="Slots">How many variables it binds outside of blocks and functions.</param>
/// <param name="Globals">The names that it does not bind itself, by their places.</param>
internal sealed record Program(Node Root, int Slots, string[] Globals);
