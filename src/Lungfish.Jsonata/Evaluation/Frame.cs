using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary>The variables of one block or call, at the places that the compiler gave them.</summary>
internal sealed class Frame(Frame? outer, Value[] slots)
{
    public static readonly Frame None = new(null, []);

    public Frame? Outer => outer;

    public Value[] Slots => slots;

    /// <summary>A frame in which nothing is bound yet: names are still those of the frames around it.</summary>
    public static Frame Unbound(Frame outer, int size)
    {
        var slots = new Value[size];
        Array.Fill(slots, Value.Unset);
        return new Frame(outer, slots);
    }

    public Frame Up(int levels)
    {
        var frame = this;
        for (; levels > 0 && frame.Outer is { } next; levels--)
        {
            frame = next;
        }

        return frame;
    }
}
