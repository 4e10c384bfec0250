namespace Lungfish.DurableFunctions.OpenTelemetry;

/// <summary>How executions are traced.</summary>
public sealed class OpenTelemetryPluginOptions
{
    /// <summary>The share of executions that is traced, 0 to 1; all invocations of one agree.</summary>
    public double SampleRatio { get; set; } = 1;
}
