using Lungfish.DurableConformance.Requirements;
using Lungfish.DurableConformance.Running;

namespace Lungfish.DurableConformance;

public sealed class InexpressibleTests
{
    [Fact]
    public void Inexpressible_EveryEntry_NamesARequirementAndAReason()
    {
        Assert.SkipWhen(RequirementFiles.All.Count == 0, "No requirements beside this clone.");
        var ids = RequirementFiles.All.Select(requirement => requirement.Id).ToHashSet(StringComparer.Ordinal);

        Assert.All(Inexpressible.All.Values.SelectMany(reasons => reasons), entry =>
        {
            Assert.Contains(entry.Key, ids);
            Assert.NotEmpty(entry.Value);
        });
    }
}
