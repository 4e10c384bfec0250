namespace Lungfish.Jsonata.Parsing;

/// <summary>The second pass over a syntax tree: gathers the operators of paths into steps, finds out which item each
/// <c>%</c> means, and marks the calls in tail position.</summary>
internal sealed class PathBuilder
{
    private int _slots;

    public static Syntax Build(Syntax expression)
    {
        var result = new PathBuilder().Process(expression);
        return result.Kind == SyntaxKind.Parent || result.SeekingParent is not null
            ? throw Errors.At("S0217", result.Position, Ancestry.TypeNameOf(result))
            : result;
    }

    private Syntax Process(Syntax node)
    {
        Nesting.Check(node.Position);
        var result = node.Kind == SyntaxKind.Binary ? ProcessBinary(node) : ProcessOther(node);
        result.KeepsArray |= node.KeepsArray;
        return result;
    }

    private Syntax ProcessOther(Syntax node)
    {
        switch (node.Kind)
        {
            case SyntaxKind.Name:
                return PathOf(node);
            case SyntaxKind.Operator:
                // A keyword where an operand is expected is a name.
                return node.Text == "?" ? node : Process(new Syntax(SyntaxKind.Name, node.Text, node.Position)
                {
                    KeepsArray = node.KeepsArray,
                });
            case SyntaxKind.Parent:
                node.Slot = new ParentSlot(_slots++);
                return node;
            case SyntaxKind.Negation:
                return ProcessNegation(node);
            case SyntaxKind.Array:
                ProcessItems(node);
                return node;
            case SyntaxKind.Object:
                ProcessPairs(node, node);
                return node;
            case SyntaxKind.Block:
                ProcessItems(node);
                node.ConstructsItem = node.Items.Exists(static part =>
                    part.ConstructsItem || (part.IsPath && part.Items[0].ConstructsItem));
                return node;
            case SyntaxKind.Call or SyntaxKind.Partial:
                ProcessItems(node);
                node.Left = Process(node.Left ?? node);
                return node;
            case SyntaxKind.Lambda:
                node.Left = TailCalls.Mark(Process(node.Left ?? node));
                return node;
            case SyntaxKind.Condition or SyntaxKind.Coalesce or SyntaxKind.Elvis:
                ProcessParts(node, node);
                return node;
            case SyntaxKind.Transform:
                ProcessParts(node, null);
                return node;
            case SyntaxKind.End:
                throw Errors.At("S0207", node.Position, node.Text);
            default:
                return node;
        }
    }

    private Syntax ProcessBinary(Syntax node)
    {
        switch (node.Text)
        {
            case ".":
                return ProcessStep(node);
            case "[":
                return ProcessFilter(node);
            case "{":
                return ProcessGroup(node);
            case "^":
                return ProcessOrder(node);
            case "@":
                return ProcessFocus(node);
            case "#":
                return ProcessIndex(node);
            case ":=":
                node.Kind = SyntaxKind.Bind;
                node.Right = Process(node.Right ?? node);
                Ancestry.Pass(node, node.Right);
                return node;
            case "~>":
                node.Kind = SyntaxKind.Apply;
                ProcessParts(node, null);
                node.KeepsArray |= node.Left is { KeepsArray: true } || node.Right is { KeepsArray: true };
                return node;
            default:
                ProcessParts(node, node);
                return node;
        }
    }

    private Syntax ProcessStep(Syntax node)
    {
        var left = Process(node.Left ?? node);
        var path = left.IsPath ? left : PathOf(left);
        if (left.Kind == SyntaxKind.Parent && left.Slot is { } slot)
        {
            path.SeekingParent = [slot];
        }

        var rest = Process(node.Right ?? node);
        if (rest.IsPath)
        {
            path.Items.AddRange(rest.Items);
        }
        else
        {
            BecomeStep(rest);
            path.Items.Add(rest);
        }

        foreach (var step in path.Items)
        {
            if (step.Kind is SyntaxKind.Number or SyntaxKind.Literal)
            {
                throw Errors.At("S0213", step.Position, null, LiteralValues.Of(step));
            }

            step.Kind = step.Kind == SyntaxKind.String ? SyntaxKind.Name : step.Kind;
            path.KeepsSingleton |= step.KeepsArray;
        }

        path.Items[0].ConstructsItem |= path.Items[0].Kind == SyntaxKind.Array;
        path.LastStep.ConstructsItem |= path.LastStep.Kind == SyntaxKind.Array;
        Ancestry.Resolve(path);
        return path;
    }

    private Syntax ProcessFilter(Syntax node)
    {
        var result = Process(node.Left ?? node);
        var step = result.IsPath ? result.LastStep : result;
        if (step.Group is not null)
        {
            throw Errors.At("S0209", node.Position);
        }

        var filter = Process(node.Right ?? node);
        if (filter.SeekingParent is { } wishes)
        {
            foreach (var slot in wishes)
            {
                if (slot.Level == 1)
                {
                    Ancestry.Seek(step, slot);
                }
                else
                {
                    slot.Level--;
                }
            }

            Ancestry.Pass(step, filter);
        }

        (result.IsPath ? step.Stages ??= [] : step.Predicates ??= []).Add(new Stage(filter, null));
        return result;
    }

    private Syntax ProcessGroup(Syntax node)
    {
        var result = Process(node.Left ?? node);
        if (result.Group is not null)
        {
            throw Errors.At("S0210", node.Position);
        }

        ProcessPairs(node, null);
        result.Group = node;
        return result;
    }

    private Syntax ProcessOrder(Syntax node)
    {
        var result = Process(node.Left ?? node);
        var path = result.IsPath ? result : PathOf(result);
        var sort = new Syntax(SyntaxKind.Sort, node.Text, node.Position);
        foreach (var term in node.Terms)
        {
            var expression = Process(term.Expression);
            Ancestry.Pass(sort, expression);
            sort.Terms.Add(term with { Expression = expression });
        }

        path.Items.Add(sort);
        Ancestry.Resolve(path);
        return path;
    }

    private Syntax ProcessFocus(Syntax node)
    {
        var result = Process(node.Left ?? node);
        var step = result.IsPath ? result.LastStep : result;
        if (step.Stages is not null || step.Predicates is not null)
        {
            throw Errors.At("S0215", node.Position);
        }

        if (step.Kind == SyntaxKind.Sort)
        {
            throw Errors.At("S0216", node.Position);
        }

        step.KeepsArray |= node.KeepsArray;
        step.Focus = node.Right?.Text;
        step.IsTuple = true;
        return result;
    }

    private Syntax ProcessIndex(Syntax node)
    {
        var result = Process(node.Left ?? node);
        if (!result.IsPath)
        {
            BecomeStep(result);
            result = PathOf(result);
        }

        var step = result.LastStep;
        if (step.Stages is { } stages)
        {
            stages.Add(new Stage(null, node.Right?.Text));
        }
        else
        {
            step.Index = node.Right?.Text;
        }

        step.IsTuple = true;
        return result;
    }

    private Syntax ProcessNegation(Syntax node)
    {
        var operand = Process(node.Left ?? node);
        if (operand.Kind == SyntaxKind.Number)
        {
            operand.Number = -operand.Number;
            return operand;
        }

        node.Left = operand;
        Ancestry.Pass(node, operand);
        return node;
    }

    private void ProcessItems(Syntax node)
    {
        for (var i = 0; i < node.Items.Count; i++)
        {
            node.Items[i] = Process(node.Items[i]);
            Ancestry.Pass(node, node.Items[i]);
        }
    }

    private void ProcessPairs(Syntax node, Syntax? passTo)
    {
        for (var i = 0; i < node.Pairs.Count; i++)
        {
            var pair = (Process(node.Pairs[i].Key), Process(node.Pairs[i].Value));
            node.Pairs[i] = pair;
            if (passTo is not null)
            {
                Ancestry.Pass(passTo, pair.Item1);
                Ancestry.Pass(passTo, pair.Item2);
            }
        }
    }

    private void ProcessParts(Syntax node, Syntax? passTo)
    {
        node.Left = ProcessPart(node.Left, passTo);
        node.Right = ProcessPart(node.Right, passTo);
        node.Other = ProcessPart(node.Other, passTo);
    }

    private Syntax? ProcessPart(Syntax? part, Syntax? passTo)
    {
        if (part is null)
        {
            return null;
        }

        var result = Process(part);
        if (passTo is not null)
        {
            Ancestry.Pass(passTo, result);
        }

        return result;
    }

    private static Syntax PathOf(Syntax step) => new(SyntaxKind.Path, step.Text, step.Position)
    {
        Items = [step],
        KeepsSingleton = step is { Kind: SyntaxKind.Name, KeepsArray: true },
    };

    private static void BecomeStep(Syntax node)
    {
        node.Stages = node.Predicates ?? node.Stages;
        node.Predicates = null;
    }
}
