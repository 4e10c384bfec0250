namespace Lungfish.Jsonata.Parsing;

internal enum SyntaxKind
{
    // What the parser makes of the text.
    End,
    Name,
    Variable,
    String,
    Number,
    Literal,
    Regex,
    Operator, // A keyword that may be a name, or the ? of a partial application.
    Wildcard,
    Descendants,
    Parent,
    Binary,
    Negation,
    Array,
    Object,
    Block,
    Call,
    Partial,
    Lambda,
    Condition,
    Coalesce,
    Elvis,
    Transform,

    // What the second pass makes of binary operators.
    Path,
    Bind,
    Apply,
    Sort,
}

/// <summary>A node of the syntax tree. The parser makes it; <see cref="PathBuilder"/> gathers paths and changes it in
/// place, once; afterwards it is only read.</summary>
/// <remarks>One class for all kinds: the second pass turns one kind into another and moves flags around.</remarks>
internal sealed class Syntax(SyntaxKind kind, string text, int position)
{
    public SyntaxKind Kind { get; set; } = kind;

    /// <summary>The operator, name, string or pattern; of a literal what it says.</summary>
    public string Text { get; } = text;

    public int Position { get; } = position;

    public double Number { get; set; }

    public string Flags { get; init; } = "";

    /// <summary>Left operand, procedure, condition, pattern of a transform, body of a lambda.</summary>
    public Syntax? Left { get; set; }

    /// <summary>Right operand, the part after <c>?</c>, the update of a transform.</summary>
    public Syntax? Right { get; set; }

    /// <summary>The part after <c>:</c>, the deletion of a transform.</summary>
    public Syntax? Other { get; set; }

    /// <summary>Steps of a path, arguments, parameters, items, expressions of a block.</summary>
    public List<Syntax> Items { get; init; } = [];

    public List<(Syntax Key, Syntax Value)> Pairs { get; init; } = [];

    public List<SortTerm> Terms { get; init; } = [];

    /// <summary>The pairs of <c>{...}</c> behind it.</summary>
    public Syntax? Group { get; set; }

    /// <summary>Filters and positions behind it: as a step of a path they see each item by itself.</summary>
    public List<Stage>? Stages { get; set; }

    /// <summary>Filters behind something that is no step: they see its whole result.</summary>
    public List<Stage>? Predicates { get; set; }

    public string? Focus { get; set; }

    public string? Index { get; set; }

    /// <summary>Set on a step whose input a later <c>%</c> wants.</summary>
    public ParentSlot? Ancestor { get; set; }

    /// <summary>Of a <c>%</c>: what it wants.</summary>
    public ParentSlot? Slot { get; set; }

    /// <summary>Wishes for a parent that lie outside of this node.</summary>
    public List<ParentSlot>? SeekingParent { get; set; }

    public Signature? Signature { get; set; }

    public bool KeepsArray { get; set; }

    public bool KeepsSingleton { get; set; }

    /// <summary>An array constructor whose result is one item of its path.</summary>
    public bool ConstructsItem { get; set; }

    /// <summary>Carries bindings beside each item.</summary>
    public bool IsTuple { get; set; }

    /// <summary>A call in tail position: the caller makes it, after this function has returned.</summary>
    public bool IsTailCall { get; set; }

    public bool IsPath => Kind == SyntaxKind.Path;

    public Syntax LastStep => Items[^1];

    /// <summary>All nodes directly inside this one.</summary>
    public IEnumerable<Syntax> Parts => Behind
        .Concat(Items)
        .Concat(Pairs.SelectMany(static pair => new[] { pair.Key, pair.Value }))
        .Concat(Terms.Select(static term => term.Expression))
        .Concat(new[] { Left, Right, Other }.OfType<Syntax>());

    /// <summary>What stands in brackets or braces behind this node, and is evaluated around it.</summary>
    public IEnumerable<Syntax> Behind => (Predicates ?? []).Concat(Stages ?? [])
        .Select(static stage => stage.Filter)
        .OfType<Syntax>()
        .Concat(Group?.Pairs.SelectMany(static pair => new[] { pair.Key, pair.Value }) ?? []);

    public bool IsBinary(string symbol) =>
        Kind == SyntaxKind.Binary && string.Equals(Text, symbol, StringComparison.Ordinal);
}

internal readonly record struct SortTerm(Syntax Expression, bool Descending);

/// <param name="Filter">A predicate, or null.</param>
/// <param name="Index">The variable that takes the position here, or null.</param>
internal readonly record struct Stage(Syntax? Filter, string? Index);

/// <summary>A wish for the parent of an item, some levels up.</summary>
internal sealed class ParentSlot(int number)
{
    public int Level { get; set; } = 1;

    /// <summary>The name under which the item travels; slots that want the same item share one.</summary>
    public string Label { get; set; } = $"!{number}";
}
