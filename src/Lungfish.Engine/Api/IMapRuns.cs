using Lungfish.States.Deciding;

namespace Lungfish.Engine.Api;

/// <summary>What the edges may ask of map runs: the runs of distributed Map states.</summary>
/// <remarks>Refusals are <see cref="ApiException"/>s with AWS's codes and texts.</remarks>
public interface IMapRuns
{
    Task<MapRunSnapshot> DescribeAsync(string mapRunArn, CancellationToken cancellationToken);

    /// <summary>The map runs of an execution, newest first.</summary>
    Task<Page<MapRunSnapshot>> ListAsync(
        string executionArn, int countMax, string? nextToken, CancellationToken cancellationToken);

    /// <summary>Changes the limits of a map run while it runs; null leaves one as it is.</summary>
    Task UpdateAsync(string mapRunArn, MapRunChange change, CancellationToken cancellationToken);

    /// <summary>The child executions of a map run, newest first; null for every status.</summary>
    Task<Page<ExecutionSummary>> ListExecutionsAsync(
        string mapRunArn,
        ExecutionStatus? status,
        int countMax,
        string? nextToken,
        CancellationToken cancellationToken);
}

public sealed record MapRunChange(long? ConcurrencyMax, long? ToleratedCount, double? ToleratedPercentage);
