namespace Lungfish.Jsonata.Parsing;

/// <summary>Which variables a part of an expression binds.</summary>
internal static class BoundNames
{
    /// <summary>Those that a block, a function or a path binds itself, not in blocks or functions inside it.</summary>
    public static IReadOnlyList<string> Of(Syntax owner)
    {
        var names = new List<string>();
        switch (owner.Kind)
        {
            case SyntaxKind.Lambda:
                owner.Items.ForEach(parameter => Add(names, parameter.Text));
                AddAssigned(owner.Left ?? owner, names);
                break;
            case SyntaxKind.Block:
                owner.Items.ForEach(item => AddAssigned(item, names));
                break;
            default:
                owner.Items.ForEach(step => AddTravelling(step, names));
                break;
        }

        return names;
    }

    /// <summary>Those assigned in this part, outside of blocks and functions.</summary>
    public static IReadOnlyList<string> AssignedIn(Syntax part)
    {
        var names = new List<string>();
        AddAssigned(part, names);
        return names;
    }

    /// <summary>Those that travel with the items of any path in the expression.</summary>
    public static IReadOnlyList<string> TravellingIn(Syntax expression)
    {
        var names = new List<string>();
        AddAllTravelling(expression, names);
        return names;
    }

    private static void AddAssigned(Syntax node, List<string> names)
    {
        Nesting.Check(node.Position);
        if (node.Kind == SyntaxKind.Bind)
        {
            Add(names, node.Left?.Text);
        }

        var parts = node.Kind is SyntaxKind.Lambda or SyntaxKind.Block ? node.Behind : node.Parts;
        foreach (var part in parts)
        {
            AddAssigned(part, names);
        }
    }

    private static void AddAllTravelling(Syntax node, List<string> names)
    {
        Nesting.Check(node.Position);
        AddTravelling(node, names);
        foreach (var part in node.Parts)
        {
            AddAllTravelling(part, names);
        }
    }

    private static void AddTravelling(Syntax step, List<string> names)
    {
        Add(names, step.Focus);
        Add(names, step.Index);
        Add(names, step.Ancestor?.Label);
        step.Stages?.ForEach(stage => Add(names, stage.Index));
    }

    private static void Add(List<string> names, string? name)
    {
        if (name is not null && !names.Contains(name))
        {
            names.Add(name);
        }
    }
}
