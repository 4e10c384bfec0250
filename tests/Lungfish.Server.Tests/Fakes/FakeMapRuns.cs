using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.States.Deciding;

namespace Lungfish.Server.Tests.Fakes;

/// <summary>Knows one map run.</summary>
internal sealed class FakeMapRuns : IMapRuns
{
    public const string Arn =
        "arn:aws:states:us-east-1:000000000000:mapRun:m/each:6d5f3f0e-7d4e-8c3b-9a2f-1e0d9c8b7a69";

    public MapRunChange? Change { get; private set; }

    public static MapRunSnapshot Run { get; } = new()
    {
        Arn = Arn,
        ExecutionArn = FakeExecutions.Arn,
        StateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:m/each",
        IsExpress = false,
        Status = MapRunStatus.Succeeded,
        StartedAt = FakeExecutions.StartedAt,
        StoppedAt = FakeExecutions.StartedAt.AddSeconds(2),
        Limits = new MapRunLimits(10, 1, 2.5),
        Items = new MapRunCounts { Succeeded = 8, Failed = 1 },
        Executions = new MapRunCounts { Succeeded = 4, Failed = 1 },
    };

    public Task<MapRunSnapshot> DescribeAsync(string mapRunArn, CancellationToken cancellationToken) =>
        mapRunArn == Arn ? Task.FromResult(Run) : throw StepFunctionsErrors.ResourceNotFound(mapRunArn);

    public Task<Page<MapRunSnapshot>> ListAsync(
        string executionArn, int countMax, string? nextToken, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<MapRunSnapshot>([Run], null));

    public Task UpdateAsync(string mapRunArn, MapRunChange change, CancellationToken cancellationToken)
    {
        Change = change;
        return Task.CompletedTask;
    }

    public async Task<Page<ExecutionSummary>> ListExecutionsAsync(
        string mapRunArn,
        ExecutionStatus? status,
        int countMax,
        string? nextToken,
        CancellationToken cancellationToken)
    {
        _ = await DescribeAsync(mapRunArn, cancellationToken);
        return new Page<ExecutionSummary>([], null);
    }
}
