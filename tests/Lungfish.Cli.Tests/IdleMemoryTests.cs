using Lungfish.Cli.Commands;

namespace Lungfish.Cli.Tests;

/// <summary>When a server gives memory back.</summary>
public sealed class IdleMemoryTests
{
    private const long Megabyte = 1_048_576;

    private readonly IdleMemory _memory = new();

    [Fact]
    public void IsTime_QuietAfterABurst_Once()
    {
        Assert.False(_memory.IsTime(500 * Megabyte, 300 * Megabyte)); // It works.
        Assert.False(_memory.IsTime(900 * Megabyte, 300 * Megabyte));
        Assert.True(_memory.IsTime(901 * Megabyte, 300 * Megabyte));
        Assert.False(_memory.IsTime(902 * Megabyte, 300 * Megabyte));
        Assert.False(_memory.IsTime(990 * Megabyte, 300 * Megabyte));
        Assert.True(_memory.IsTime(991 * Megabyte, 300 * Megabyte));
    }

    [Fact]
    public void IsTime_HoldsLittle_Never()
    {
        Assert.False(_memory.IsTime(500 * Megabyte, 30 * Megabyte));
        Assert.False(_memory.IsTime(501 * Megabyte, 30 * Megabyte));
    }
}
