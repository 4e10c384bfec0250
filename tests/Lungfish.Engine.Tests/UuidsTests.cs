using System.Collections.Concurrent;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Tests;

public sealed class UuidsTests
{
    [Fact]
    public void New_OnSeveralThreads_IsNeverTheSame()
    {
        const int Each = 1_000;
        var made = new ConcurrentBag<Guid>();

        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < Each; i++)
            {
                made.Add(Uuids.New());
                made.Add(Uuids.New(DateTimeOffset.UnixEpoch));
            }
        });

        Assert.Equal(8 * Each * 2, made.Distinct().Count());
    }

    [Fact]
    public void New_IsOfVersion4()
    {
        var made = Uuids.New();

        Assert.Equal((4, 0x8), (made.Version, made.Variant & 0xC));
    }

    [Fact]
    public void New_AtATime_IsOfVersion7AndTellsIt()
    {
        // The example of RFC 9562, A.6: Tuesday, February 22, 2022 2:22:22.00 PM GMT-05:00.
        var made = Uuids.New(new DateTimeOffset(2022, 2, 22, 14, 22, 22, TimeSpan.FromHours(-5)));

        Assert.Equal((7, 0x8), (made.Version, made.Variant & 0xC));
        Assert.StartsWith("017f22e2-79b0-7", made.ToString(), StringComparison.Ordinal);
    }
}
