using Lungfish.Json;

namespace Lungfish.States.Tests.Parsing;

/// <summary>Changes definitions as people do: a field too many or too few, a value from another place.</summary>
internal sealed class DefinitionMutation
{
    private static readonly JsonValue[] s_oddities =
    [
        JsonValue.Null, true, 0, -1, 1.5, 99_999_999, JsonValue.Parse("1e400"), "", "$", "$.a", "$$.Task.Token", "$v",
        "$.a[*]", "States.UUID()", "States.MathAdd($.n, 1)", "{% $states.input %}", "{% 1 %}", "JSONata", "S0",
        JsonArray.Empty, JsonObject.Empty,
    ];

    private readonly JsonValue[] _samples;
    private readonly JsonValue[] _values;
    private readonly string[] _names;

    public DefinitionMutation(IEnumerable<string> samples)
    {
        _samples = [.. samples.Select(sample => JsonValue.Parse(sample))];
        _values = [.. s_oddities, .. _samples.SelectMany(ValuesOf)];
        _names = [.. _values.OfType<JsonObject>().SelectMany(obj => obj.Select(member => member.Key)).Distinct()];
    }

    public JsonValue Next(Random random) => Change(_samples[random.Next(_samples.Length)], random);

    public JsonValue Change(JsonValue value, Random random)
    {
        if (random.Next(60) == 0)
        {
            return Pick(random, _values);
        }

        return value switch
        {
            JsonArray array => JsonArray.Of(array
                .Where(_ => random.Next(50) > 0)
                .Select(item => Change(item, random))),
            JsonObject obj => JsonObject.Of(obj
                .Where(_ => random.Next(50) > 0)
                .Select(member => (Rename(member.Key, random), Change(member.Value, random)))
                .Concat(random.Next(40) == 0 ? [(Pick(random, _names), Pick(random, _values))] : [])),
            _ => value,
        };
    }

    private string Rename(string name, Random random) => random.Next(80) == 0 ? Pick(random, _names) : name;

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];

    private static IEnumerable<JsonValue> ValuesOf(JsonValue value) => (value switch
    {
        JsonArray array => array.SelectMany(ValuesOf),
        JsonObject obj => obj.SelectMany(member => ValuesOf(member.Value)),
        _ => [],
    }).Prepend(value);
}
