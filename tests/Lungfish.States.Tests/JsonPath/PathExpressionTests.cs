using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Tests.JsonPath;

public sealed class PathExpressionTests
{
    private static readonly JsonValue Store = Samples.Store;

    [Theory]
    [InlineData("$.limit", "10")]
    [InlineData("$['limit']", "10")]
    [InlineData("$[\"limit\"]", "10")]
    [InlineData("$.store.book[0].title", "\"A\"")]
    [InlineData("$.store.book[(@.length-1)].title", "\"C\"")]
    [InlineData("$.store.['bicycle'].color", "\"red\"")]
    [InlineData("$['a b']['it\\'s']", "1")]
    [InlineData("$[ 'store' ][ 'bicycle' ].price", "19.95")]
    [InlineData("$.nothing", "null")]
    [InlineData("$.store.bicycle['color','price']", """{"color":"red","price":19.95}""")]
    [InlineData("$.store.bicycle['color','none']", """{"color":"red"}""")]
    public void Evaluate_DefinitePath_FindsTheNode(string path, string expected) =>
        Assert.Equal(expected, Evaluate(path).Value?.ToText());

    [Theory]
    [InlineData("$.store.book[*].title", """["A","B","C"]""")]
    [InlineData("$.store.bicycle.*", """["red",19.95]""")]
    [InlineData("$.store.book[0,2].title", """["A","C"]""")]
    [InlineData("$.store.book[1:].title", """["B","C"]""")]
    [InlineData("$.store.book[:1].title", """["A"]""")]
    [InlineData("$.store.book[-2:].title", """["B","C"]""")]
    [InlineData("$.store.book[:-1].title", """["A","B"]""")]
    [InlineData("$.store.book[-9:].title", """["A","B","C"]""")]
    [InlineData("$.store.book[0:-1].title", "[]")] // Only with one end open does a negative one count from the end.
    [InlineData("$.store.book[*].isbn", """["0-1",null]""")] // An element without it is passed over.
    [InlineData("$.store.book[1:99].title", """["B","C"]""")]
    [InlineData("$.store.book[2:1]", "[]")]
    [InlineData("$..price", "[8.95,12.99,8.99,19.95]")]
    [InlineData("$.store..title", """["A","B","C"]""")]
    [InlineData("$..book[0].title", """["A"]""")]
    [InlineData("$..book[(@.length-1)].title", """["C"]""")]
    [InlineData("$..['title','price']", """
        [{"title":"A","price":8.95},{"title":"B","price":12.99},{"title":"C","price":8.99}]
        """)]
    public void Evaluate_IndefinitePath_FindsAnArray(string path, string expected) =>
        Assert.Equal(expected, Evaluate(path).Value?.ToText());

    [Theory] // Recorded: an indefinite path that meets nothing is an empty array, not an error.
    [InlineData("$.none[*]")]
    [InlineData("$.none.deeper[1:]")]
    [InlineData("$.limit[*].x")]
    [InlineData("$.empty[?(@.x == 1)]")]
    [InlineData("$..none")]
    [InlineData("$.none[?(@.x)]")]
    [InlineData("$.store.book[*].none.x")]
    [InlineData("$.store.book[*].tags.x")]
    public void Evaluate_IndefinitePathThatMeetsNothing_FindsAnEmptyArray(string path) =>
        Assert.Equal("[]", Evaluate(path).Value?.ToText());

    [Theory]
    [InlineData("$", "$")]
    [InlineData("$$.a.b", "$$['a']['b']")]
    [InlineData("$name.a[-1]", "$name['a'][-1]")]
    [InlineData("$['it\\'s','b\\\\']", "$['it\\'s','b\\\\']")]
    [InlineData("$..a[ 0 , 2 ]..*", "$..['a'][0,2]..[*]")]
    [InlineData("$[1:].x[:-2]", "$[1:]['x'][:-2]")]
    [InlineData("$.a[?(@.b=='x'&&!@.c||$.d>1)]", "$['a'][?(((@['b'] == \"x\") && (!(@['c']))) || ($['d'] > 1))]")]
    [InlineData("$.a[?(@ =~ /a\\/b/i)]", "$['a'][?(@ =~ /a\\/b/i)]")]
    [InlineData("$['a','b'].c", "$['a','b']['c']")]
    [InlineData("$.a[( @.size() - 2 )]", "$['a'][(@.length-2)]")]
    [InlineData("$.a.length()", "$['a']['length()']")]
    public void Print_Path_IsOneSpellingThatReadsBack(string text, string expected)
    {
        Assert.Equal(expected, PathExpression.Parse(text).Print());
        Assert.Equal(expected, PathExpression.Parse(expected).Print());
    }

    [Theory]
    [InlineData("$.Name", "No results for path: $['Name']")] // Recorded.
    [InlineData("$.no.such.path", "Missing property in path $['no']")] // Recorded.
    [InlineData("$.store.no.path", "Missing property in path $['store']['no']")]
    [InlineData("$.store.no", "No results for path: $['store']['no']")]
    [InlineData("$.store.book[7]", "Index out of bounds when evaluating path $['store']['book'][7]")]
    [InlineData("$.store.book[7].x", "Index out of bounds when evaluating path $['store']['book'][7]")]
    [InlineData("$.store.book[-1].x", "Index out of bounds when evaluating path $['store']['book'][-1]")]
    [InlineData("$.store.book[0,7].x", "No results for path: $['store']['book'][0]['x']")]
    [InlineData("$.store.book[0,7].title", "Index out of bounds when evaluating path $['store']['book'][7]")]
    [InlineData("$.empty[(@.length-1)]", "Index out of bounds when evaluating path $['empty'][-1]")]
    [InlineData("$.store.book[1:].isbn", "No results for path: $['store']['book'][1]['isbn']")]
    [InlineData("$.store.book[?(@.title == 'B')].isbn", "No results for path: $['store']['book'][1]['isbn']")]
    [InlineData("$.store.*.price", "Property ['price'] not found in path $['store']['book']")]
    [InlineData("$.nothing[1:]", "The path $['nothing'] is null")]
    [InlineData("$.limit[0].x", "Filter: [0]['x'] can only be applied to arrays. Current context is: 10")]
    [InlineData("$.text[0]", "Filter: [0] can only be applied to arrays. Current context is: hello")]
    [InlineData("$..limit[1:]", "Filter: [1:] can only be applied to arrays. Current context is: 10")]
    [InlineData("$.limit[0]", "Filter: [0] can only be applied to arrays. Current context is: 10")] // Measured.
    [InlineData("$.nothing[0]", "The path $['nothing'] is null")]
    [InlineData("$.empty.length()", "Property ['length()'] not found in path $['empty']")] // Reported.
    [InlineData("$.store.length()", "No results for path: $['store']['length()']")]
    [InlineData("$.text.x", "Property ['x'] not found in path $['text']")]
    [InlineData("$.store.sum($.limit)", "Missing property in path $['store']['sum($']")]
    [InlineData("$.limit[1:]", "Filter: [1:] can only be applied to arrays. Current context is: 10")]
    [InlineData("$.limit[0,1].x", "Filter: [0,1]['x'] can only be applied to arrays. Current context is: 10")]
    [InlineData("$.limit[?(@.x)]", "Filter: [?] can not be applied to primitives. Current context is: 10")]
    [InlineData(
        "$.store['book','bicycle'].price",
        "Multi properties can only be used as path leafs: $['store']['book', 'bicycle']")]
    public void Evaluate_MissingNode_SaysWhatIsMissing(string path, string expected)
    {
        var result = Evaluate(path);

        Assert.Null(result.Value);
        Assert.Equal(expected, result.Missing);
    }

    [Fact]
    public void Evaluate_Misfit_IsToldFromAMiss()
    {
        Assert.NotNull(Evaluate("$.limit[0]").Misfit);
        Assert.Null(Evaluate("$.nothing[0]").Misfit);
        Assert.Null(Evaluate("$.store.book[9]").Misfit);
        Assert.Null(Evaluate("$.text.x").Misfit);
    }

    // Measured for a path that ends in such an index; the others follow from it.
    [Theory]
    [InlineData("$.store.book[9]", "null")]
    [InlineData("$.store.book[-1]", "null")]
    [InlineData("$.store.book[2,3].title", null)]
    [InlineData("$.store.book[*].tags[0]", """["x",null,"y"]""")]
    [InlineData("$.store.book[0].tags[0,5]", """["x",null]""")]
    [InlineData("$.store.book[0].tags[-1:1]", """[null,"x"]""")]
    [InlineData("$.store.book[9].title", null)]
    [InlineData("$.store.book[9][0]", null)]
    public void Evaluate_PastTheEndInATemplate_ReadsNull(string path, string? expected)
    {
        var roots = new PathRoots(Store, Store);

        Assert.Equal(expected, PathExpression.Parse(path).Evaluate(roots, nullPastEnd: true).Value?.ToText());
    }

    [Fact]
    public void Evaluate_ContextPath_ReadsTheContextObject()
    {
        var path = PathExpression.Parse("$$.Execution.Id");
        var context = JsonValue.Parse("""{"Execution":{"Id":"e"}}""");

        Assert.True(path.ReadsContext);
        Assert.Equal("\"e\"", path.Evaluate(new PathRoots(Store, context)).Value?.ToText());
        Assert.Same(context, PathExpression.Parse("$$").Evaluate(new PathRoots(Store, context)).Value);
    }

    [Theory]
    [InlineData("$x", "x", """{"a":[7]}""")]
    [InlineData("$x.a[0]", "x", "7")]
    [InlineData("$x['a'][0]", "x", "7")]
    [InlineData("$x.a[?(@ > 6)]", "x", "[7]")]
    [InlineData("$größe2_.b", "größe2_", "1")]
    [InlineData("$𝐚", "𝐚", "true")]
    public void Evaluate_VariablePath_ReadsTheVariable(string text, string name, string expected)
    {
        var variables = ImmutableDictionary<string, JsonValue>.Empty
            .Add("x", JsonValue.Parse("""{"a":[7]}"""))
            .Add("größe2_", JsonValue.Parse("""{"b":1}"""))
            .Add("𝐚", true);
        var path = PathExpression.Parse(text);

        Assert.Equal(name, path.VariableName);
        Assert.False(path.ReadsInput);
        Assert.Equal(expected, path.Evaluate(new PathRoots(Store, _ => Store, variables)).Value?.ToText());
    }

    [Fact]
    public void Evaluate_UnknownVariable_FindsNothingAndSaysSo()
    {
        var result = Evaluate("$x.a");

        Assert.Null(result.Value);
        Assert.Equal("The variable '$x' is not assigned", result.Missing);
    }

    [Fact]
    public void Evaluate_DefinitePath_AllocatesNothing()
    {
        var path = PathExpression.Parse("$.store.book[(@.length-1)].title");
        var miss = PathExpression.Parse("$.store.book[9]");
        var roots = new PathRoots(Store, Store);
        _ = (path.Evaluate(roots), miss.Evaluate(roots));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _ = (path.Evaluate(roots), miss.Evaluate(roots));
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Evaluate_DescentIntoADocumentOfAnyDepth_NeverEndsTheStack()
    {
        JsonValue deep = JsonArray.Empty;
        for (var i = 0; i < 100_000; i++)
        {
            deep = JsonArray.Of(deep);
        }

        var result = PathExpression.Parse("$..*").Evaluate(new PathRoots(deep, deep));

        Assert.Equal("More than 1256 levels to look at for path: $..*", result.Misfit);
    }

    [Theory]
    [InlineData("$..*..*..*")]
    [InlineData("$..a..a..*")]
    public void Evaluate_PathThatRunsAway_StopsAtABound(string path)
    {
        JsonValue deep = JsonArray.Of(Enumerable.Range(0, 2000).Select(i => (JsonValue)i));
        for (var i = 0; i < 500; i++)
        {
            deep = JsonArray.Of(JsonObject.Of("a", deep));
        }

        var result = PathExpression.Parse(path).Evaluate(new PathRoots(deep, deep));

        Assert.Null(result.Value);
        Assert.Equal($"More than 1000000 nodes to look at for path: {path}", result.Missing);
        Assert.Equal(result.Missing, result.Misfit);
    }

    [Theory]
    [InlineData("$.items[?($.text =~ /(a|b)*c/)]")]
    [InlineData("$.items[?($.text contains 'c')]")]
    [InlineData("$.items[?($.text == $.other)]")]
    public void Evaluate_LongTextForEachItem_CountsItsCharacters(string path)
    {
        var text = new string('a', 200_000);
        var document = JsonObject.Of(
            ("text", text),
            ("other", text[1..] + "b"),
            ("items", JsonArray.Of(Enumerable.Range(0, 20_000).Select(i => (JsonValue)i))));

        var result = PathExpression.Parse(path).Evaluate(new PathRoots(document, document));

        Assert.Equal($"More than 1000000 nodes to look at for path: {path}", result.Missing);
    }

    [Theory]
    [InlineData("")]
    [InlineData("limit")]
    [InlineData(" $")]
    [InlineData("$.")]
    [InlineData("$..")]
    [InlineData("$.a b")]
    [InlineData("$['a'")]
    [InlineData("$['a]")]
    [InlineData("$[]")]
    [InlineData("$[a]")]
    [InlineData("$[99999999999]")]
    [InlineData("$[1:2:3]")]
    [InlineData("$[?(@.a ==)]")]
    [InlineData("$[?(@.a == 1]")]
    [InlineData("$[?(@.a ~ 1)]")]
    [InlineData("$[?(@.a like 'b')]")]
    [InlineData("$[?(@.a =~ /(/)]")]
    [InlineData("$[?(@.a =~ /(?=x)/)]")] // Look-ahead is not linear.
    [InlineData("$[?('a')]")]
    [InlineData("$$.")]
    [InlineData("$_x")] // Measured: no name of a variable.
    [InlineData("$[:]")]
    [InlineData("$[(@.length)]")]
    [InlineData("$[(@.length+1)]")]
    [InlineData("$[?(@.a[*])]")] // A path in a filter leads to one node.
    [InlineData("$[?(@..a == 1)]")]
    [InlineData("$[?(@.a[?(@.b)])]")]
    [InlineData("$1")]
    [InlineData("$x y")]
    [InlineData("$x-y")]
    public void Parse_NoPath_Throws(string text) => Assert.ThrowsAny<FormatException>(() => PathExpression.Parse(text));

    [Theory]
    [InlineData("$[?(", "@.a == 1", "||", ")]")]
    [InlineData("$", ".a", "", "")]
    [InlineData("$[?(", "(", "", "@.a)]")]
    [InlineData("$", "[?(@", "", ")]")]
    public void Parse_PathOfAnyLength_NeverEndsTheStack(string start, string part, string between, string end)
    {
        var text = start + string.Join(between, Enumerable.Repeat(part, 50_000)) + end;

        _ = Record.Exception(() => PathExpression.Parse(text)) is null or FormatException
            ? true
            : throw new InvalidOperationException("Anything but a FormatException is a bug.");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2_000)]
    [InlineData(50_000)]
    public void Parse_PatternNestedDeeply_NeverEndsTheStack(int depth)
    {
        var pattern = $"{new string('(', depth)}a{new string(')', depth)}";

        _ = Record.Exception(() => Match($"$[?(@.a =~ /{pattern}/)]")) is null or FormatException
            ? true
            : throw new InvalidOperationException("Anything but a FormatException is a bug.");

        static void Match(string path)
        {
            var document = JsonArray.Of(JsonObject.Of("a", "aaa"));
            _ = PathExpression.Parse(path).Evaluate(new PathRoots(document, document));
        }
    }

    [Theory]
    [InlineData("$")]
    [InlineData("$.a.b[0]['c d']")]
    [InlineData("$$.Execution.Input.a")]
    [InlineData("$name.a[0]")]
    public void ParseReference_ReferencePath_IsTaken(string text) =>
        Assert.True(PathExpression.ParseReference(text).IsReference);

    [Theory]
    [InlineData("$.a[*]")]
    [InlineData("$..a")]
    [InlineData("$.a[1:2]")]
    [InlineData("$.a[0,1]")]
    [InlineData("$['a','b']")]
    [InlineData("$.a[?(@.b)]")]
    public void ParseReference_OtherPath_Throws(string text) =>
        Assert.Throws<FormatException>(() => PathExpression.ParseReference(text));

    [Theory]
    [InlineData("""{"a":1}""", "$", "2", "2")]
    [InlineData("""{"a":1}""", "$.b", "2", """{"a":1,"b":2}""")]
    [InlineData("""{"a":1,"b":0}""", "$.a", "2", """{"a":2,"b":0}""")]
    [InlineData("""{}""", "$.a.b.c", "2", """{"a":{"b":{"c":2}}}""")]
    [InlineData("""{"a":{"x":1}}""", "$.a.b", "2", """{"a":{"x":1,"b":2}}""")]
    [InlineData("""{"a":[1,2,3]}""", "$.a[1]", "9", """{"a":[1,9,3]}""")]
    [InlineData("""{"a":[{"x":1}]}""", "$.a[0].y", "9", """{"a":[{"x":1,"y":9}]}""")]
    [InlineData("[1]", "$[0]", "9", "[9]")]
    [InlineData("1", "$", "9", "9")]
    public void Write_ReferencePath_ChangesACopy(string document, string path, string value, string expected)
    {
        var before = JsonValue.Parse(document);
        var after = PathExpression.ParseReference(path).Write(before, JsonValue.Parse(value));

        Assert.Equal(expected, after?.ToText());
        Assert.Equal(document, before.ToText());
    }

    [Theory]
    [InlineData("1", "$.a")]
    [InlineData("[1]", "$.a")]
    [InlineData("null", "$.a")]
    [InlineData("""{"a":1}""", "$.a.b")]
    [InlineData("""{"a":[1]}""", "$.a[1]")]
    [InlineData("""{"a":[1]}""", "$.a.b")]
    [InlineData("""{}""", "$.a[0]")]
    [InlineData("""{"a":{}}""", "$.a[0]")]
    public void Write_PathThatCannotBeApplied_GivesNull(string document, string path) =>
        Assert.Null(PathExpression.ParseReference(path).Write(JsonValue.Parse(document), 1));

    [Fact]
    public void Parse_RandomText_ThrowsNothingElse()
    {
        var random = new Random(20260102);
        const string pieces = "$$@..**[[]]''\"\"()??!=<>&&||~/\\,:-0123abu in size null{}";
        for (var i = 0; i < 20_000; i++)
        {
            var text = (i % 2 == 0 ? "$" : "$[?(@.") + new string(random.GetItems<char>(pieces, random.Next(16)));
            try
            {
                var result = PathExpression.Parse(text).Evaluate(new PathRoots(Store, Store));
                Assert.True(result.Value is null == result.Missing is not null, text);
            }
            catch (FormatException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    private static PathResult Evaluate(string path) =>
        PathExpression.Parse(path).Evaluate(new PathRoots(Store, JsonObject.Empty));
}
