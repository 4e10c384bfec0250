using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>Kept and answered; no traces are sent to X-Ray.</summary>
internal sealed record TracingConfiguration(bool IsEnabled)
{
    public static TracingConfiguration? Read(RequestMembers members) =>
        members.OptionalObject("tracingConfiguration") is { } tracing
            ? new TracingConfiguration(tracing.OptionalBoolean("enabled") ?? false)
            : null;

    public string ToJson() => IsEnabled ? """{"enabled":true}""" : """{"enabled":false}""";
}
