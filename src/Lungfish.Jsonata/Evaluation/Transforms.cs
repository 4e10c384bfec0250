using Lungfish.Json;
using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Parsing;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary><c>|pattern|update,deletion|</c>: a function that changes a copy.</summary>
/// <param name="pattern">What is changed in it.</param>
/// <param name="update">Members to set.</param>
/// <param name="deletion">Names of members to delete, or null.</param>
/// <param name="clone">The variable <c>$clone</c>, which an expression may bind.</param>
internal sealed class TransformNode(Node pattern, Node update, Node? deletion, Node clone) : Node
{
    private static readonly Signature Takes = Signature.Parse("<(oa):o>");

    public override Value Evaluate(Value input, Frame frame, Run run) => Value.Of(new NativeFunction(
        "transform", Takes, 1, (inner, arguments, _) => Transform(arguments[0], frame, inner)));

    private Value Transform(Value value, Frame frame, Run run)
    {
        if (value.IsUndefined)
        {
            return default;
        }

        if (clone.Evaluate(default, frame, run).Object is not Function function)
        {
            throw Errors.At("T2013", Position);
        }

        var source = function is NativeFunction { Name: "clone" } ? value : Applying.Apply(function, [value], run);
        var result = MutableCopy.Of(source, run);
        var matches = pattern.Evaluate(result, frame, run).Items;
        for (var i = 0; i < matches.Count; i++)
        {
            run.Spend(1);
            Update(matches[i], frame, run);
            Delete(matches[i], frame, run);
        }

        return result;
    }

    private void Update(Value match, Frame frame, Run run)
    {
        var changes = update.Evaluate(match, frame, run);
        if (changes.IsUndefined)
        {
            return;
        }

        if (!changes.IsObject)
        {
            throw Errors.At("T2011", update.Position, null, changes);
        }

        if (match.Object is not OpenObject target)
        {
            return;
        }

        // The update may be the target itself, or share it: it is read whole before anything is written.
        var members = new List<KeyValuePair<string, Value>>();
        foreach (var member in new Members(changes))
        {
            members.Add(member);
        }

        foreach (var (name, value) in members)
        {
            run.Charge(Run.ItemBytes);
            target.Set(name, value);
        }
    }

    private void Delete(Value match, Frame frame, Run run)
    {
        if (deletion is null)
        {
            return;
        }

        var value = deletion.Evaluate(match, frame, run);
        var names = value.Items;
        for (var i = 0; i < names.Count; i++)
        {
            if (!names[i].IsString)
            {
                throw Errors.At("T2012", deletion.Position, null, value);
            }
        }

        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].TryGetText(out var name))
            {
                (match.Object as OpenObject)?.Remove(name);
            }
        }
    }
}

/// <summary>A deep copy whose objects can be changed; as <c>$clone</c> it shows numbers as text would.</summary>
internal static class MutableCopy
{
    private const int PlainDigitsMax = 16;

    public static Value Of(Value value, Run run)
    {
        Nesting.Check();
        switch (value.Object)
        {
            case JsonNumber { Text.Length: <= PlainDigitsMax } or JsonString or JsonBoolean or JsonNull or null:
                return value;
            case JsonArray or Sequence:
                return OfItems(value, run);
            case JsonObject or OpenObject:
                return OfMembers(value, run);
            case Function:
                return Value.Of("");
            default:
                return value.IsNumeric(out var number) && Math.Floor(number) != number
                    ? Value.Of(NumberBases.Parse(NumberText.Of(number)))
                    : value;
        }
    }

    private static Value OfItems(Value array, Run run)
    {
        var items = array.Items;
        run.Spend(items.Count);
        var copy = new Sequence(run, isSequence: false);
        for (var i = 0; i < items.Count; i++)
        {
            copy.Add(Of(items[i], run));
        }

        return Value.Of(copy);
    }

    private static Value OfMembers(Value source, Run run)
    {
        var copy = new OpenObject();
        run.Charge(Run.ObjectBytes);
        foreach (var (name, member) in new Members(source))
        {
            run.Spend(1);
            run.Charge(Run.SlotBytes);
            copy.Set(name, Of(member, run));
        }

        return Value.Of(copy);
    }
}
