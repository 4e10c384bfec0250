using System.Reflection;
using Lungfish.Engine.Identifiers;

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
}
