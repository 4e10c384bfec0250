using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary>A part of an expression, ready to be evaluated by any thread.</summary>
internal abstract class Node
{
    /// <summary>Just after its token.</summary>
    public int Position { get; set; }

    /// <summary>Empty brackets stand behind it: a sequence of one item stays an array.</summary>
    public bool KeepsArray { get; set; }

    /// <summary>Its value, in which a sequence of one item is that item and an empty one undefined.</summary>
    /// <param name="input">What <c>$</c> is.</param>
    /// <param name="frame">The variables here.</param>
    /// <param name="run">The evaluation.</param>
    public abstract Value Evaluate(Value input, Frame frame, Run run);

    /// <summary>Its value with sequences as they are; for what looks at each item.</summary>
    public virtual Value EvaluateWhole(Value input, Frame frame, Run run) => Evaluate(input, frame, run);

    protected Value Collapse(Value value) =>
        value.Object is Sequence { IsSequence: true, IsTupleStream: false } sequence
            ? Collapse(value, sequence, KeepsArray)
            : value;

    private static Value Collapse(Value value, Sequence sequence, bool keepsArray)
    {
        if (sequence.Count > 1)
        {
            return value;
        }

        if (sequence.Count == 0)
        {
            return default;
        }

        sequence.KeepsSingleton |= keepsArray;
        return sequence.KeepsSingleton ? value : sequence[0];
    }
}
