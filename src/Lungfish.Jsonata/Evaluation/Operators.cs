using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary>An operator between two values; an error inside it is said to be of it.</summary>
internal abstract class BinaryNode(Node left, Node right, string symbol) : Node
{
    protected string Symbol => symbol;

    public sealed override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Enter();
        var a = left.Evaluate(input, frame, run);
        var b = right.Evaluate(input, frame, run);
        try
        {
            var result = Combine(a, b, run);
            run.Leave();
            return Collapse(result);
        }
        catch (JsonataException error) when (
            error.Locate(Position, symbol, overridesPosition: true, overridesToken: true))
        {
            throw;
        }
    }

    protected abstract Value Combine(Value left, Value right, Run run);
}

internal enum Arithmetic
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

internal sealed class ArithmeticNode(Node left, Node right, string symbol, Arithmetic operation)
    : BinaryNode(left, right, symbol)
{
    protected override Value Combine(Value left, Value right, Run run)
    {
        var hasLeft = left.IsNumeric(out var a);
        if (!hasLeft && !left.IsUndefined)
        {
            throw Errors.Of("T2001", left);
        }

        var hasRight = right.IsNumeric(out var b);
        if (!hasRight && !right.IsUndefined)
        {
            throw Errors.Of("T2002", right);
        }

        if (!hasLeft || !hasRight)
        {
            return default;
        }

        return Value.Of(operation switch
        {
            Arithmetic.Add => a + b,
            Arithmetic.Subtract => a - b,
            Arithmetic.Multiply => a * b,
            Arithmetic.Divide => a / b,
            _ => a % b,
        });
    }
}

internal sealed class EqualityNode(Node left, Node right, string symbol, bool negated) : BinaryNode(left, right, symbol)
{
    protected override Value Combine(Value left, Value right, Run run) => left.IsUndefined || right.IsUndefined
        ? Value.False
        : Value.Of(DeepEquality.AreEqual(left, right, run) != negated);
}

internal enum Comparison
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

internal sealed class ComparisonNode(Node left, Node right, string symbol, Comparison comparison)
    : BinaryNode(left, right, symbol)
{
    protected override Value Combine(Value left, Value right, Run run)
    {
        if (left.TryGetNumber(out var a) && right.TryGetNumber(out var b))
        {
            return Value.Of(comparison switch
            {
                Comparison.Less => a < b,
                Comparison.LessOrEqual => a <= b,
                Comparison.Greater => a > b,
                _ => a >= b,
            });
        }

        if (!IsComparable(left) || !IsComparable(right))
        {
            throw Errors.Of("T2010", left.IsNumber || left.IsString ? right : left);
        }

        if (left.IsUndefined || right.IsUndefined)
        {
            return default;
        }

        if (!left.TryGetText(out var text) || !right.TryGetText(out var other))
        {
            throw Errors.Of("T2009", left, right);
        }

        run.SpendOnText(Math.Min(text.Length, other.Length));
        var order = string.CompareOrdinal(text, other);
        return Value.Of(comparison switch
        {
            Comparison.Less => order < 0,
            Comparison.LessOrEqual => order <= 0,
            Comparison.Greater => order > 0,
            _ => order >= 0,
        });
    }

    private static bool IsComparable(Value value) => value.IsUndefined || value.IsNumber || value.IsString;
}

/// <summary><c>&amp;</c>.</summary>
internal sealed class ConcatenationNode(Node left, Node right, string symbol) : BinaryNode(left, right, symbol)
{
    protected override Value Combine(Value left, Value right, Run run)
    {
        var a = Spelling.Of(left, run);
        var b = Spelling.Of(right, run);
        run.Charge(Run.StringBytes + (2L * a.Length) + (2L * b.Length));
        return Value.Of(string.Concat(a, b));
    }
}

/// <summary><c>a in b</c>: no deep equality, and nothing that is not there.</summary>
internal sealed class InNode(Node left, Node right, string symbol) : BinaryNode(left, right, symbol)
{
    protected override Value Combine(Value left, Value right, Run run)
    {
        if (left.IsUndefined || right.IsUndefined)
        {
            return Value.False;
        }

        var items = right.Items;
        run.Spend(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (AreSame(left, items[i], run))
            {
                return Value.True;
            }
        }

        return Value.False;
    }

    private static bool AreSame(Value left, Value right, Run run) =>
        ReferenceEquals(left.Object, right.Object) && !left.IsNumber
            ? true
            : !left.IsArray && !left.IsObject && DeepEquality.AreEqual(left, right, run);
}

/// <summary><c>a..b</c>.</summary>
internal sealed class RangeNode(Node left, Node right, string symbol) : BinaryNode(left, right, symbol)
{
    private const double SizeMax = 1e7;

    protected override Value Combine(Value left, Value right, Run run)
    {
        if (!left.IsUndefined && !IsWhole(left))
        {
            throw Errors.Of("T2003", left);
        }

        if (!right.IsUndefined && !IsWhole(right))
        {
            throw Errors.Of("T2004", right);
        }

        if (!left.TryGetNumber(out var first) || !right.TryGetNumber(out var last) || first > last)
        {
            return default;
        }

        var size = last - first + 1;
        if (size > SizeMax)
        {
            throw Errors.Of("D2014", Value.Of(size));
        }

        run.Charge((long)size * Run.ItemBytes);
        return Value.Of(Sequence.Over(ItemList.Range(first, (int)size), isSequence: true));
    }

    private static bool IsWhole(Value value) =>
        value.TryGetNumber(out var number) && double.IsFinite(number) && Math.Floor(number) == number;
}

/// <summary><c>and</c> and <c>or</c>: the right side is evaluated only if the left does not decide.</summary>
internal sealed class LogicNode(Node left, Node right, string symbol, bool isAnd) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Enter();
        var result = Truth.Of(left.Evaluate(input, frame, run), run);
        if (result == isAnd)
        {
            try
            {
                result = Truth.Of(right.Evaluate(input, frame, run), run);
            }
            catch (JsonataException error) when (
                error.Locate(Position, symbol, overridesPosition: true, overridesToken: true))
            {
                throw;
            }
        }

        run.Leave();
        return Value.Of(result);
    }
}

/// <summary><c>-a</c>.</summary>
internal sealed class NegationNode(Node operand) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Enter();
        var value = operand.Evaluate(input, frame, run);
        if (value.IsUndefined)
        {
            run.Leave();
            return default;
        }

        if (!value.IsNumeric(out var number))
        {
            throw Errors.At("D1002", Position, "-", value);
        }

        run.Leave();
        return Value.Of(-number);
    }
}

/// <summary><c>[a, b]</c>: arrays among its items are taken apart, unless they are written as such.</summary>
/// <param name="items">The expressions, and whether each is an array constructor itself.</param>
/// <param name="constructsItem">Whether a path takes the array as one item.</param>
internal sealed class ArrayNode((Node Node, bool IsArray)[] items, bool constructsItem) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Enter();
        var result = items.Length == 1 && !items[0].IsArray && !constructsItem
            ? Only(items[0].Node.Evaluate(input, frame, run))
            : All(input, frame, run);
        run.Leave();
        return Value.Of(result);
    }

    /// <summary>Shares the items of an array, rather than copying what may be a long range.</summary>
    private static Sequence Only(Value value) => Sequence.Over(value.Items, isSequence: false);

    private Sequence All(Value input, Frame frame, Run run)
    {
        var result = new Sequence(run, isSequence: false) { IsItem = constructsItem };
        foreach (var (node, isArray) in items)
        {
            var value = node.Evaluate(input, frame, run);
            if (value.IsUndefined)
            {
                continue;
            }

            if (isArray || !value.IsArray)
            {
                result.Add(value);
            }
            else
            {
                result.AddRange(value.Items);
            }
        }

        return result;
    }
}
