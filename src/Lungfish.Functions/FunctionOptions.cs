using System.Collections.Immutable;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Functions;

public sealed record FunctionOptions
{
    public AwsAccount Account { get; init; } = AwsAccount.Default;

    /// <summary>Where code, logs and working folders live.</summary>
    public required string Directory { get; init; }

    /// <summary>What functions get as <c>AWS_ENDPOINT_URL</c>: the server's own address.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Whether the endpoint takes calls without AWS's signature. If it does not, function processes are not
    /// told whose it is, and call it by the clients of their SDKs, which sign.</summary>
    public bool TakesUnsignedCalls { get; init; } = true;

    /// <summary>Processes of one function version at the same time; more invocations wait for a free one.</summary>
    public int ProcessesMax { get; init; } = 64;

    /// <summary>Tests' own; null for this machine's.</summary>
    internal Processes.IProcessorMeter? ProcessorMeter { get; init; }

    /// <summary>Invocations of one function version that may wait for a process; one more is throttled.</summary>
    public int WaitingMax { get; init; } = 10_000;

    /// <summary>A process without work for that long is ended.</summary>
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>From the start of a process to its first request for work. AWS allows 10 s on machines that do
    /// nothing else; a laptop that compiles beside it needs more.</summary>
    public TimeSpan InitMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Waiting times before the repetitions of a failed asynchronous invocation. Documented: two, after
    /// one and two minutes.</summary>
    public ImmutableArray<TimeSpan> AsyncRetryDelays { get; init; } =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)];

    /// <summary>Programs to use instead of the ones found on PATH, by <c>python</c>, <c>node</c> and
    /// <c>dotnet</c>.</summary>
    public ImmutableDictionary<string, string> Interpreters { get; init; } = ImmutableDictionary<string, string>.Empty;
}
