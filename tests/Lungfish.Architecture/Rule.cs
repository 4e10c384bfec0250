namespace Lungfish.Architecture;

internal static class Rule
{
    /// <summary>Fails with every breach in full, where <c>Assert.Empty</c> would cut them.</summary>
    public static void HasNoBreach(IEnumerable<string> breaches)
    {
        var all = breaches.ToList();
        Assert.True(all.Count == 0, Environment.NewLine + string.Join(Environment.NewLine, all));
    }
}
