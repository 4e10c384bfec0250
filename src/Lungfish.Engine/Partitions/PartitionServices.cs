using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.Partitions;

/// <summary>What the partitions of a lane share.</summary>
internal sealed record PartitionServices
{
    public required IStore Store { get; init; }

    public required IResidentLoader Loader { get; init; }

    /// <summary>Executions that hit a bug of ours, or are damaged: left alone until the next start.</summary>
    public required SetAsideExecutions SetAside { get; init; }

    public required EngineClock Clock { get; init; }

    public required EngineOptions Options { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>True while so many invocations of functions wait for their turn that no durable execution is to be
    /// woken. When that is over, every partition is told to look again.</summary>
    public required Func<bool> IsCrowded { get; init; }
}
