namespace Lungfish.Functions.Tests;

public sealed class AliasTests
{
    private static CancellationToken Cancellation => FunctionHost.Cancellation;

    [Theory]
    [InlineData(0, "2")]                        // The smallest chance is below any weight.
    [InlineData(0x3FFF_FFFF_FFFF_FFFF, "2")]    // Just below a quarter of all numbers.
    [InlineData(0x4000_0000_0000_0000, "1")]
    [InlineData(ulong.MaxValue, "1")]
    public void Choose_QuarterToTheSecondVersion_FollowsTheChance(ulong chance, string expected)
    {
        var alias = new FunctionAlias
        {
            FunctionName = "fn",
            Name = "live",
            FunctionVersion = "1",
            Additional = new("2", 0.25),
            RevisionId = "r",
        };

        Assert.Equal(expected, alias.Choose(chance));
    }

    /// <summary>Names that follow each other must not fall to one side together.</summary>
    [Fact]
    public void ChanceOf_NamesInARow_AreSpreadEvenlyAndKeepTheirs()
    {
        var chances = Enumerable.Range(0, 4000).Select(i => FunctionAlias.ChanceOf($"order-{i}")).ToList();

        Assert.Equal(chances, Enumerable.Range(0, 4000).Select(i => FunctionAlias.ChanceOf($"order-{i}")));
        Assert.InRange(chances.Count(chance => chance < ulong.MaxValue / 4), 900, 1100);
    }

    [Fact]
    public async Task CreateAlias_ServiceStartsAgain_IsStillThere()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("def handler(e, c): return 1");
        var alias = await host.Service.CreateAliasAsync(
            "fn", "dev", new AliasChange { FunctionVersion = "$LATEST" }, Cancellation);

        await host.RestartAsync();

        Assert.Equal(alias, host.Service.GetAlias("fn", "dev"));
    }

    [Fact]
    public async Task Delete_FunctionWithAliases_TakesThemAlong()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("def handler(e, c): return 1");
        _ = await host.Service.CreateAliasAsync(
            "fn", "dev", new AliasChange { FunctionVersion = "$LATEST" }, Cancellation);

        await host.Service.DeleteAsync(new("fn", null), Cancellation);
        await host.RestartAsync();
        _ = await host.CreatePythonAsync("def handler(e, c): return 1");

        Assert.Empty(host.Service.ListAliases("fn", version: null));
    }
}
