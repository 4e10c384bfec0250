namespace Lungfish.Conformance.Running;

/// <summary>How far an answer agrees with the recording, at the two levels of its README.</summary>
internal sealed class CaseOutcome
{
    /// <summary>Differences in status, output and error, or in which calls succeed.</summary>
    public List<string> Result { get; } = [];

    /// <summary>Differences in causes, events and whole responses.</summary>
    public List<string> History { get; } = [];
}
