using Lungfish.Engine.Faults;

namespace Lungfish.Engine.Tests;

/// <summary>How a crash point is named; that a process ends there is for <c>CrashPointTest</c>.</summary>
public sealed class CrashPointsTests
{
    [Theory]
    [InlineData("BeforeCommit", CrashPoint.BeforeCommit, 1)]
    [InlineData("InDrain:1", CrashPoint.InDrain, 1)]
    [InlineData("AfterCommit:107", CrashPoint.AfterCommit, 107)]
    public void Parse_NameOfAPoint_IsThatPoint(string text, CrashPoint point, int nth)
    {
        Assert.Equal((point, nth), CrashPoints.Parse(text, out var refusal));
        Assert.Null(refusal);
    }

    [Theory]
    [InlineData("beforecommit")]
    [InlineData("3")]
    [InlineData("BeforeCommit:0")]
    [InlineData("BeforeCommit:-1")]
    [InlineData("BeforeCommit:first")]
    [InlineData("BeforeCommit:1:2")]
    [InlineData("BeforeCommit, AfterCommit")]
    [InlineData("Nowhere")]
    public void Parse_AnythingElse_IsRefusedWithTheNamesThatThereAre(string text)
    {
        Assert.Null(CrashPoints.Parse(text, out var refusal));
        Assert.Contains($"\"{text}\" names no crash point", refusal, StringComparison.Ordinal);
        Assert.Contains(nameof(CrashPoint.InDrain), refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Parse_NotSet_IsNoPointAndNoRefusal(string? text)
    {
        Assert.Null(CrashPoints.Parse(text, out var refusal));
        Assert.Null(refusal);
    }
}
