using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Quotas;

namespace Lungfish.States.Tests.Deciding;

/// <summary>What each way of keeping the quotas does to an execution that goes over them.</summary>
public sealed class QuotaTests
{
    private const string OneTask =
        """
        { "StartAt": "A", "States": { "A": { "Type": "Task", "End": true,
          "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f" } } }
        """;

    /// <summary>Four events for each item of the input.</summary>
    private const string Rounds =
        """
        { "StartAt": "Count", "States": {
          "Count": { "Type": "Map", "MaxConcurrency": 1, "ResultPath": null, "Next": "Done", "ItemProcessor": {
            "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } } },
          "Done": { "Type": "Succeed" } } }
        """;

    private static readonly JsonValue TwentyBytes = new string('x', 18);

    [Theory]
    [InlineData(QuotaMode.Strict, ExecutionStatus.Failed)]
    [InlineData(QuotaMode.Warn, ExecutionStatus.Succeeded)]
    [InlineData(QuotaMode.Relaxed, ExecutionStatus.Succeeded)]
    public void Decide_ResultOverThePayloadQuota_EndsAsTheModeSays(QuotaMode mode, ExecutionStatus status)
    {
        var world = RunOneTask(new QuotaPolicy { Mode = mode, PayloadBytesMax = 19 });

        Assert.Equal(status, world.Execution.Status);
    }

    [Fact]
    public void Decide_ResultOfJustThePayloadQuota_IsNothingToWarnOf()
    {
        var world = RunOneTask(new QuotaPolicy { Mode = QuotaMode.Warn, PayloadBytesMax = 20 });

        Assert.Equal(ExecutionStatus.Succeeded, world.Execution.Status);
        Assert.Empty(world.QuotaWarnings);
    }

    [Fact]
    public void Decide_ManyPayloadsOverTheQuotaThatOnlyWarns_WarnsOnce()
    {
        // The result is over, and the output that it becomes.
        var world = RunOneTask(new QuotaPolicy { Mode = QuotaMode.Warn, PayloadBytesMax = 19 });

        Assert.Equal([new WarnOfQuota(Quota.PayloadBytes, 20)], world.QuotaWarnings);
        Assert.True(world.Execution.ExceededQuotas.Contains(Quota.PayloadBytes));
        Assert.False(world.Execution.ExceededQuotas.Contains(Quota.HistoryEvents));
    }

    [Theory]
    [InlineData(QuotaMode.Strict, ExecutionStatus.Failed)]
    [InlineData(QuotaMode.Warn, ExecutionStatus.Succeeded)]
    [InlineData(QuotaMode.Relaxed, ExecutionStatus.Succeeded)]
    public void Decide_HistoryOverTheQuota_EndsAsTheModeSays(QuotaMode mode, ExecutionStatus status)
    {
        var world = RunRounds(new QuotaPolicy { Mode = mode, HistoryEventsMax = 30 });

        Assert.Equal(status, world.Execution.Status);
        Assert.Equal(mode == QuotaMode.Strict, world.Execution.LastEventId == 30);
        Assert.Equal(mode == QuotaMode.Warn, world.QuotaWarnings is [{ Quota: Quota.HistoryEvents, Amount: 31 }]);
    }

    [Fact]
    public void Decide_HistoryOfJustTheQuota_Succeeds()
    {
        var events = RunRounds(QuotaPolicy.Strict).Execution.LastEventId;

        var enough = RunRounds(new QuotaPolicy { HistoryEventsMax = events });
        var tooFew = RunRounds(new QuotaPolicy { HistoryEventsMax = events - 1 });

        Assert.Equal(ExecutionStatus.Succeeded, enough.Execution.Status);
        Assert.Equal(ExecutionStatus.Failed, tooFew.Execution.Status);
        Assert.Equal(
            $"The execution reached the maximum number of history events ({events - 1}).", tooFew.Execution.Cause);
    }

    [Fact]
    public void Decide_LargeInputAndLongTexts_AreNotedWhereQuotasWarn()
    {
        var quotas = new QuotaPolicy
        {
            Mode = QuotaMode.Warn,
            PayloadBytesMax = 20,
            ErrorCharactersMax = 2,
            CauseCharactersMax = 3,
        };

        var world = new World(OneTask, World.Fail("Err", "cause")) { Quotas = quotas }
            .Start($"\"{new string('x', 19)}\"").Run();

        Assert.Equal(("Err", "cause"), (world.Execution.Error, world.Execution.Cause));
        Assert.Equal(
            [
                new WarnOfQuota(Quota.PayloadBytes, 21),
                new WarnOfQuota(Quota.ErrorCharacters, 3),
                new WarnOfQuota(Quota.CauseCharacters, 5),
            ],
            world.QuotaWarnings);
    }

    [Fact]
    public void Decode_QuotaExceeded_IsWhatWasEncoded()
    {
        Fact[] facts = [.. Enum.GetValues<Quota>().Select(quota => new QuotaExceeded(quota))];

        var segment = FactCodec.Encode(facts);

        Assert.Equal(facts, FactCodec.Decode(segment.Segment.Span, _ => default).AsEnumerable());
    }

    private static World RunOneTask(QuotaPolicy quotas) =>
        new World(OneTask, World.Succeed(TwentyBytes)) { Quotas = quotas }.Start().Run();

    private static World RunRounds(QuotaPolicy quotas) =>
        new World(Rounds) { Quotas = quotas }.Start("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]").Run();
}
