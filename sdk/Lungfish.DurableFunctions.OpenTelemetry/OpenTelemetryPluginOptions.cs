namespace Lungfish.DurableFunctions.OpenTelemetry;

/// <summary>How executions are traced.</summary>
public sealed class OpenTelemetryPluginOptions
{
    /// <summary>The part of the executions that is traced, 0 to 1; all invocations of one agree. 1 by default.</summary>
    public double SampleRatio { get; set; } = 1;
}
