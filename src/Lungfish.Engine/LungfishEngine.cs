using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tasks;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine;

/// <summary>The engine on a store: what a server, or an application that embeds it, starts and stops.</summary>
public sealed class LungfishEngine : IAsyncDisposable
{
    private LungfishEngine(IExecutions executions, IStateMachines stateMachines, IActivities activities)
    {
        Executions = executions;
        StateMachines = stateMachines;
        Activities = activities;
    }

    public IExecutions Executions { get; }

    public IStateMachines StateMachines { get; }

    public IActivities Activities { get; }

    /// <summary>Takes the store's partitions, recovers what was in flight and begins to work.</summary>
    public static Task<LungfishEngine> StartAsync(
        IStore store,
        IReadOnlyList<ITaskHandler> handlers,
        EngineOptions options,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Takes nothing new, lets what is being decided become durable, and stops. Tasks in flight are cancelled
    /// and handed out again at the next start.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}

public sealed record EngineOptions
{
    public AwsAccount Account { get; init; } = AwsAccount.Default;

    /// <summary>Signs task tokens; at least 32 bytes. Tokens of other keys are refused as invalid.</summary>
    public required ReadOnlyMemory<byte> TokenKey { get; init; }

    public int PartitionCount { get; init; } = 8;

    /// <summary>How long closed executions are kept; AWS keeps them for 90 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);
}
