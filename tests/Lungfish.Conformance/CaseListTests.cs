using Lungfish.Conformance.Cases;

namespace Lungfish.Conformance;

public sealed class CaseListTests
{
    private static bool NoRecordings => RecordedCases.All.Count == 0;

    [Fact]
    public void LaterFeatures_Committed_AreTheClassifiersVerdicts()
    {
        Assert.SkipWhen(NoRecordings, "No recordings beside this clone.");
        var classified = CaseLists.ClassifyAll();
        if (CaseLists.ShouldUpdate)
        {
            CaseLists.Update("later-features.json", classified);
            return;
        }

        Assert.Equal(Flat(CaseLists.ReadLaterFeatures()), Flat(classified));
    }

    [Fact]
    public void KnownGaps_EveryId_IsACaseThatRuns()
    {
        Assert.SkipWhen(NoRecordings, "No recordings beside this clone.");
        var gaps = KnownGaps.Read();

        Assert.All(gaps.Result.Keys.Concat(gaps.History.Keys), id =>
        {
            Assert.True(RecordedCases.All.TryGetValue(id, out var recorded), id);
            Assert.Null(LaterFeatures.FindMissing(recorded));
        });
        Assert.Empty(gaps.Result.Keys.Intersect(gaps.History.Keys, StringComparer.Ordinal));
    }

    private static string Flat(IEnumerable<KeyValuePair<string, string[]>> list) => string.Join(
        '\n',
        list.SelectMany(reason => reason.Value.Select(id => $"{reason.Key}: {id}")).Order(StringComparer.Ordinal));
}
