using System.Reflection;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;

namespace Lungfish.Server.Console;

/// <summary>What a server says about itself.</summary>
internal sealed record ServerFacts
{
    public static readonly string Version =
        typeof(ServerFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "0";

    public required Uri Url { get; init; }

    public required string DataDirectory { get; init; }

    public required AwsAccount Account { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required Func<StoreSpace> Space { get; init; }

    /// <summary>Executions that cannot be gone on with.</summary>
    public required Func<IReadOnlyCollection<SetAsideExecution>> SetAside { get; init; }

    /// <summary>Why the server does not do all that it should, in one sentence; null if it does.</summary>
    public string? Trouble => Space() switch
    {
        StoreSpace.Ample => null,
        StoreSpace.Reserve =>
            "The disk is full: nothing new is started, what is open goes on with the room that was kept for it.",
        _ => "The disk is full: nothing can be recorded, reads go on.",
    };
}
