using Lungfish.Functions.Processes;

namespace Lungfish.Functions.Tests;

public sealed class InvocationReportTests
{
    // Documented: Lambda developer guide, the REPORT line; Init Duration and Status stand in it where there is one.
    [Theory]
    [InlineData(null, null, "\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\t")]
    [InlineData(
        100.0,
        null,
        "\tBilled Duration: 113 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\tInit Duration: 100.00 ms\t")]
    [InlineData(
        null, "timeout", "\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\tStatus: timeout\t")]
    public void ToText_Figures_StandInTheirOrder(double? init, string? status, string rest)
    {
        var report = new InvocationReport(
            TimeSpan.FromMilliseconds(12.345),
            init is { } took ? TimeSpan.FromMilliseconds(took) : null,
            MemoryUsedMb: 40,
            status);

        Assert.Equal($"REPORT RequestId: r-1\tDuration: 12.35 ms{rest}", report.ToText("r-1", memorySizeMb: 128));
    }
}
