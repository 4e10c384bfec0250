using Lungfish.Json;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Tests.JsonPath;

public sealed class PathFilterTests
{
    [Theory]
    [InlineData("@.price < 9", "AC")]
    [InlineData("@.price <= 8.99", "AC")]
    [InlineData("@.price > 8.99", "B")]
    [InlineData("@.price >= $.limit", "B")]
    [InlineData("@.price == 12.99", "B")]
    [InlineData("@.price != 12.99", "AC")]
    [InlineData("@['title'] == 'A'", "A")]
    [InlineData("'A' == @.title", "A")]
    [InlineData("@.title === 'A'", "A")]
    [InlineData("@.title=='A'||@.title=='C'", "AC")]
    [InlineData("@.price < 9 && @.title != 'A'", "C")]
    [InlineData("@.price < 9 && (@.title == 'B' || @.title == 'C')", "C")]
    [InlineData("!(@.title == 'A')", "BC")]
    [InlineData("@.isbn", "A")] // What is null does not exist to a filter.
    [InlineData("!@.isbn", "BC")]
    [InlineData("@.isbn == null", "C")]
    [InlineData("@.title in ['A', \"B\"]", "AB")]
    [InlineData("@.title nin ['A','B']", "C")]
    [InlineData("@.tags contains 'y'", "AC")]
    [InlineData("@.title contains 'A'", "A")]
    [InlineData("@.tags size 1", "C")]
    [InlineData("@.tags empty true", "B")]
    [InlineData("@.tags empty false", "AC")]
    [InlineData("@.tags subsetof ['x','y','z']", "ABC")]
    [InlineData("@.tags anyof ['x']", "A")]
    [InlineData("@.tags noneof ['x']", "BC")]
    [InlineData("@.tags all ['x','y']", "A")]
    [InlineData("@.title =~ /[ab]/i", "AB")]
    [InlineData("@.isbn =~ /0/", "")] // The whole text has to fit.
    [InlineData("@.isbn =~ /0.*/", "A")]
    [InlineData("@.tags[0] == 'y'", "C")]
    [InlineData("@.tags[(@.length-1)] == 'y'", "AC")]
    [InlineData("@.price < 9 && @.none > 1", "")]
    [InlineData("@.price == '8.95'", "A")]
    [InlineData("@.none != 1", "")] // With what is missing no comparison holds,
    [InlineData("@.title != 1", "ABC")]
    [InlineData("@.tags != 1", "")] // nor with what cannot be compared.
    [InlineData("@.isbn > null", "")]
    [InlineData("@.isbn >= null", "C")]
    [InlineData("@.title nin 'A'", "ABC")] // Nothing is in what is no list.
    [InlineData("@.title in 'A'", "")]
    [InlineData("@", "ABC")]
    [InlineData("$.none", "")]
    [InlineData("$.limit", "ABC")]
    [InlineData("@.title != null && !(@.title == 'B' || @.price == 8.95)", "C")]
    public void Evaluate_Filter_KeepsTheElementsThatFit(string condition, string titles)
    {
        var found = (JsonArray?)Evaluate($"$.store.book[?({condition})].title").Value;

        Assert.NotNull(found);
        Assert.Equal(titles, string.Concat(found.Select(title => ((JsonString)title).Value)));
    }

    [Fact]
    public void Evaluate_FilterOfOneElement_StaysAnArray() =>
        Assert.IsType<JsonArray>(Evaluate("$.store.book[?(@.title == 'B')]").Value);

    [Fact]
    public void Evaluate_FilterOfAnObject_TestsTheObjectItself() =>
        Assert.Equal("[19.95]", Evaluate("$.store.bicycle[?(@.color == 'red')].price").Value?.ToText());

    [Fact]
    public void Evaluate_DescentWithFilter_TestsEachNodeOnce() =>
        Assert.Equal("[8.95,19.95]", Evaluate("$..[?(@.color == 'red' || @.title == 'A')].price").Value?.ToText());

    private static PathResult Evaluate(string path) =>
        PathExpression.Parse(path).Evaluate(new PathRoots(Samples.Store, JsonObject.Empty));
}
