using System.Collections.Concurrent;
using Lungfish.Conformance.Cases;
using Lungfish.Conformance.Running;

namespace Lungfish.Conformance;

/// <summary>The cases recorded from AWS, each against a started server.</summary>
public sealed class RecordedCaseTests(ConformanceServer server) : IClassFixture<ConformanceServer>
{
    public static TheoryData<string> Cases => [.. ConformanceServer.CasesToRun.Select(recorded => recorded.Id)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public async Task Case_OnAStartedServer_IsAsRecorded(string id) =>
        Verdict.Check(id, await server.GetOutcomeAsync(id));
}

/// <summary>The cases that need S3, SQS or SNS, with endpoints of these services.</summary>
public sealed class ServiceEndpointCaseTests(MotoConformanceServer server) : IClassFixture<MotoConformanceServer>
{
    public static TheoryData<string> Cases => [.. MotoConformanceServer.CasesToRun.Select(recorded => recorded.Id)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public async Task Case_WithServiceEndpoints_IsAsRecorded(string id)
    {
        Assert.SkipWhen(server.IsMissing, "moto is not there: python3 cannot import moto.server.");
        Verdict.Check(id, await server.GetOutcomeAsync(id));
    }
}

/// <summary>What is expected of a case: that it passes, unless a list says that it does not yet.</summary>
internal static class Verdict
{
    private static readonly KnownGaps s_gaps = KnownGaps.Read();

    public static void Check(string id, CaseOutcome outcome)
    {
        var resultGap = s_gaps.Result.GetValueOrDefault(id);
        var historyGap = s_gaps.History.GetValueOrDefault(id);
        if (CaseLists.ShouldUpdate)
        {
            GapsFound.Add(id, outcome, resultGap, historyGap);
            return;
        }

        switch (outcome)
        {
            case { Result.Count: > 0 }:
                Assert.True(resultGap is not null, $"The result differs:\n{string.Join('\n', outcome.Result)}");
                break;
            case { History.Count: > 0 }:
                Assert.True(resultGap is null, "The result is right now: move it out of known-gaps.json's results.");
                Assert.True(historyGap is not null, $"The history differs:\n{string.Join('\n', outcome.History)}");
                break;
            default:
                Assert.True(resultGap is null && historyGap is null, "It passes now: take it out of known-gaps.json.");
                break;
        }
    }
}

/// <summary>Writes <c>known-gaps.json</c> anew when asked to; the reasons are for a person to write.</summary>
internal static class GapsFound
{
    private static readonly ConcurrentDictionary<string, string> s_results = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, string> s_histories = new(StringComparer.Ordinal);

    public static void Add(string id, CaseOutcome outcome, string? resultGap, string? historyGap)
    {
        if (outcome.Result.Count > 0)
        {
            s_results[id] = resultGap ?? outcome.Result[0];
        }
        else if (outcome.History.Count > 0)
        {
            s_histories[id] = historyGap ?? outcome.History[0];
        }

        CaseLists.Update("known-gaps.json", new KnownGaps(
            new(s_results, StringComparer.Ordinal), new(s_histories, StringComparer.Ordinal)));
    }
}
