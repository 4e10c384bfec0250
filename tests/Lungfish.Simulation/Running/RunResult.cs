namespace Lungfish.Simulation.Running;

/// <summary>How a run ended.</summary>
/// <param name="Hash">Of all that happened: the same for the same seed.</param>
internal sealed record RunResult(
    SimConfig Config, Violation? Found, ulong Hash, long Steps, long Events, IReadOnlyList<string> LastLines);

/// <summary>The server is not there.</summary>
internal sealed class ServerIsDownException : Exception;
