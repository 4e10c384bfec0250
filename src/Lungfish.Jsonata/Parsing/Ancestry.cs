using System.Runtime.InteropServices;

namespace Lungfish.Jsonata.Parsing;

/// <summary>Finds the steps whose input <c>%</c> means, and lets that item travel with what comes after them.</summary>
internal static class Ancestry
{
    /// <summary>What an error calls a node that has no parent to give.</summary>
    public static string TypeNameOf(Syntax node) => node.Kind switch
    {
        SyntaxKind.Binary => "binary",
        SyntaxKind.Negation or SyntaxKind.Array or SyntaxKind.Object => "unary",
        SyntaxKind.Call => "function",
        SyntaxKind.Coalesce or SyntaxKind.Elvis => "condition",
        SyntaxKind.Descendants => "descendant",
        SyntaxKind.Literal => "value",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>The wishes of a part become wishes of the whole.</summary>
    public static void Pass(Syntax whole, Syntax part)
    {
        if (part.SeekingParent is null && part.Kind != SyntaxKind.Parent)
        {
            return;
        }

        whole.SeekingParent ??= [];
        whole.SeekingParent.AddRange(WishesOf(part));
    }

    /// <summary>Looks for what the last step wishes among the steps before it.</summary>
    public static void Resolve(Syntax path)
    {
        foreach (var slot in WishesOf(path.LastStep))
        {
            var index = path.Items.Count - 2;
            while (slot.Level > 0)
            {
                if (index < 0)
                {
                    (path.SeekingParent ??= []).Add(slot);
                    break;
                }

                // Steps in a row that bind a variable all have the same input.
                var step = path.Items[index--];
                while (index >= 0 && step.Focus is not null && path.Items[index].Focus is not null)
                {
                    step = path.Items[index--];
                }

                Seek(step, slot);
            }
        }
    }

    public static void Seek(Syntax node, ParentSlot slot)
    {
        Nesting.Check(node.Position);
        switch (node.Kind)
        {
            case SyntaxKind.Name or SyntaxKind.Wildcard:
                if (--slot.Level == 0)
                {
                    slot.Label = node.Ancestor?.Label ?? slot.Label;
                    node.Ancestor = slot;
                    node.IsTuple = true;
                }

                break;
            case SyntaxKind.Parent:
                slot.Level++;
                break;
            case SyntaxKind.Block:
                if (node.Items.Count > 0)
                {
                    node.IsTuple = true;
                    Seek(node.Items[^1], slot);
                }

                break;
            case SyntaxKind.Path:
                node.IsTuple = true;
                var index = node.Items.Count - 1;
                do
                {
                    Seek(node.Items[index--], slot);
                }
                while (slot.Level > 0 && index >= 0);

                break;
            default:
                throw Errors.At("S0217", node.Position, TypeNameOf(node));
        }
    }

    private static ParentSlot[] WishesOf(Syntax node)
    {
        var wishes = CollectionsMarshal.AsSpan(node.SeekingParent);
        return node is { Kind: SyntaxKind.Parent, Slot: { } own } ? [.. wishes, own] : [.. wishes];
    }
}

/// <summary>Marks the calls that a function ends with: its caller makes them, so that they do not nest.</summary>
internal static class TailCalls
{
    public static Syntax Mark(Syntax node)
    {
        Nesting.Check(node.Position);
        switch (node.Kind)
        {
            case SyntaxKind.Call when node.Predicates is null && node.Group is null:
                node.IsTailCall = true;
                break;
            case SyntaxKind.Condition or SyntaxKind.Coalesce or SyntaxKind.Elvis:
                // What stands before ?? or ?: is needed here; it is looked at.
                if (node.Kind == SyntaxKind.Condition && node.Right is not null)
                {
                    node.Right = Mark(node.Right);
                }

                var last = node.Kind == SyntaxKind.Condition ? node.Other : node.Right;
                if (last is not null)
                {
                    Mark(last);
                }

                break;
            case SyntaxKind.Block when node.Items.Count > 0:
                Mark(node.Items[^1]);
                break;
            default:
                break;
        }

        return node;
    }
}
