using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary>Gathers what a step of a path gives for each item: arrays are taken apart, one level deep. For a single
/// value it allocates nothing.</summary>
internal struct Collector(Run run)
{
    private Value _first;
    private int _count;
    private Sequence? _all;

    public void Add(Value value)
    {
        if (_count++ == 0)
        {
            _first = value;
            return;
        }

        if (_all is null)
        {
            _all = new Sequence(run);
            Flatten(_first, _all);
        }

        Flatten(value, _all);
    }

    /// <summary>A filter has left nothing; that still counts as an answer.</summary>
    public void AddEmpty()
    {
        if (_count++ == 0)
        {
            _all = new Sequence(run);
        }
        else if (_all is null)
        {
            _all = new Sequence(run);
            Flatten(_first, _all);
        }
    }

    /// <summary>What the path gives after its last step.</summary>
    public readonly Value Result
    {
        get
        {
            if (_all is not null)
            {
                return Value.Of(_all);
            }

            // The only answer, if it is an array of the input or a constructed one, is the result itself.
            return _first.Object is Sequence { IsSequence: true, IsItem: false, Count: < 2 } sequence
                ? Value.Of(Sequence.Over(sequence.Items, isSequence: true))
                : _first;
        }
    }

    /// <summary>What the next step goes through: the items of an array, or one item.</summary>
    public readonly Value Next => _all is not null
        ? Value.Of(_all)
        : _first.Object is Sequence { IsItem: true } ? Value.Of(Sequence.Of(_first)) : _first;

    private static void Flatten(Value value, Sequence into)
    {
        if (value.IsArray && value.Object is not Sequence { IsItem: true })
        {
            into.AddRange(value.Items);
        }
        else
        {
            into.Add(value);
        }
    }
}
