using FsCheck;
using FsCheck.Fluent;

namespace Lungfish.Json.Tests;

public sealed class JsonValueTests
{
    [Fact]
    public void PrintAndParse_AnyValue_GivesItBack() => Check.QuickThrowOnFailure(Prop.ForAll(
        JsonGenerators.Values.ToArbitrary(),
        value =>
        {
            var again = JsonValue.Parse(value.ToText());
            return again.Equals(value) && again.GetHashCode() == value.GetHashCode() &&
                again.ToText() == value.ToText() && value.Utf8Length == value.ToUtf8().Length;
        }));

    [Fact]
    public void WriteTo_AnyValue_WritesWhatToUtf8Gives() => Check.QuickThrowOnFailure(Prop.ForAll(
        JsonGenerators.Values.ToArbitrary(),
        value =>
        {
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            value.WriteTo(output);
            return output.WrittenSpan.SequenceEqual(value.ToUtf8());
        }));

    [Fact]
    public void Array_AnySequenceOfChanges_IsWhatAListWouldBe() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Zip(Gen.Choose(0, 2100), Gen.ListOf(ArbMap.Default.GeneratorFor<int>())).ToArbitrary(),
        start =>
        {
            var list = Enumerable.Range(0, start.Item1).Select(i => (JsonValue)i).ToList();
            var array = JsonArray.Of(list);
            var (before, text) = (array, array.ToText());
            foreach (var change in start.Item2)
            {
                if (change % 2 == 0 || list.Count == 0)
                {
                    list.Add(change);
                    array = array.Add(change);
                }
                else
                {
                    var index = (int)(Math.Abs((long)change) % list.Count);
                    list[index] = change;
                    array = array.With(index, change);
                }
            }

            return array.SequenceEqual(list) && array.Count == list.Count && array.Equals(JsonArray.Of(list)) &&
                Enumerable.Range(0, list.Count).All(i => array[i].Equals(list[i])) && before.ToText() == text;
        }));

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(33_000)]
    public void Array_GrownOneByOne_HoldsAll(int count)
    {
        var array = JsonArray.Empty;
        for (var i = 0; i < count; i++)
        {
            array = array.Add(i);
        }

        Assert.Equal(Enumerable.Range(0, count), array.Select(item => (int)((JsonNumber)item).Value));
        Assert.Equal(JsonArray.Of(Enumerable.Range(0, count).Select(i => (JsonValue)i)), array);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[count]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array.With(count, 1));
    }

    [Fact]
    public void Object_AnySequenceOfChanges_IsWhatAListWouldBe() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Zip(Gen.Choose(0, 60), Gen.ListOf(Gen.Choose(0, 80))).ToArbitrary(),
        start =>
        {
            var list = Enumerable.Range(0, start.Item1).Select(i => ("n" + i, (JsonValue)i)).ToList();
            var obj = JsonObject.Of(list);
            var (before, text) = (obj, obj.ToText());
            foreach (var change in start.Item2)
            {
                var (name, value) = ("n" + change, (JsonValue)(1000 + change));
                var index = list.FindIndex(member => member.Item1 == name);
                if (index >= 0)
                {
                    list[index] = (name, value);
                }
                else
                {
                    list.Add((name, value));
                }

                obj = obj.With(name, value);
            }

            return obj.Select(member => (member.Key, member.Value)).SequenceEqual(list) &&
                list.TrueForAll(member => member.Item2.Equals(obj[member.Item1])) && obj["none"] is null &&
                obj.Equals(JsonObject.Of(list)) && before.ToText() == text;
        }));

    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("1", "10e-1", true)]
    [InlineData("0", "-0.0", true)]
    [InlineData("1e400", "10e399", true)]
    [InlineData("1e400", "1e401", false)]
    [InlineData("9007199254740993", "9007199254740992", false)]
    [InlineData("9007199254740993", "9007199254740992.0", false)]
    [InlineData("0.1", "0.10000000000000001", false)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("""{"a":1,"b":2}""", """{"b":2.0,"a":1}""", true)]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""", false)]
    [InlineData("""[1,2]""", """[2,1]""", false)]
    [InlineData("""[[],{}]""", """[{},[]]""", false)]
    public void Equals_TwoTexts_ComparesTheirValues(string left, string right, bool expected)
    {
        var (a, b) = (JsonValue.Parse(left), JsonValue.Parse(right));

        Assert.Equal(expected, a.Equals(b));
        Assert.Equal(expected, b.Equals(a));
        Assert.True(!expected || a.GetHashCode() == b.GetHashCode());
    }

    [Theory]
    [InlineData("1.0", 1L)]
    [InlineData("1e3", 1000L)]
    [InlineData("-0", 0L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9007199254740993.0", 9007199254740993L)]
    public void TryGetInt64_WholeNumber_GivesIt(string text, long expected)
    {
        Assert.True(((JsonNumber)JsonValue.Parse(text)).TryGetInt64(out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("9223372036854775808")]
    [InlineData("1e400")]
    [InlineData("1e-400")]
    [InlineData("0.00000000000000000000000000000001")]
    public void TryGetInt64_Other_Refuses(string text) =>
        Assert.False(((JsonNumber)JsonValue.Parse(text)).TryGetInt64(out _));

    [Fact]
    public void Utf8Length_ChangedCopyOfAMeasuredValue_IsExact() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Zip(JsonGenerators.Values, Gen.ListOf(Gen.Zip(Gen.Choose(0, 5), JsonGenerators.Values))).ToArbitrary(),
        start =>
        {
            var array = JsonArray.Of(start.Item1);
            var obj = JsonObject.Of("m\u00e40", start.Item1);
            foreach (var (place, value) in start.Item2)
            {
                var isMeasured = place % 2 == 0 && array.Utf8Length + obj.Utf8Length > 0;
                array = place < array.Count && isMeasured ? array.With(place, value) : array.Add(value);
                obj = obj.With("m\u00e4" + place, value);
            }

            return array.Utf8Length == array.ToUtf8().Length && obj.Utf8Length == obj.ToUtf8().Length;
        }));

    [Fact]
    public void Utf8Length_ValueThatHoldsItselfManyTimes_IsExact()
    {
        JsonValue value = "x";
        for (var i = 0; i < 40; i++)
        {
            value = JsonArray.Of(value, value);
        }

        // Each level doubles and adds two brackets and a comma.
        Assert.Equal(((1L << 40) * 3) + (((1L << 40) - 1) * 3), value.Utf8Length);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void JsonNumber_NotFinite_Throws(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new JsonNumber(value));

    [Theory]
    [InlineData(-0.0, "-0")]
    [InlineData(5.0, "5")]
    [InlineData(-5.0, "-5")]
    [InlineData(0.1, "0.1")]
    [InlineData(1e300, "1E+300")]
    public void JsonNumber_Double_PrintsTheShortestText(double value, string expected) =>
        Assert.Equal(expected, new JsonNumber(value).ToText());
}
