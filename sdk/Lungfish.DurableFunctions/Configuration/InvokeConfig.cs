namespace Lungfish.DurableFunctions;

/// <summary>How another function is invoked.</summary>
public sealed class InvokeConfig
{
    /// <summary>The tenant to invoke it for, if the function isolates tenants.</summary>
    public string? TenantId { get; set; }

    /// <summary>Writes the input; null for that of the function that invokes.</summary>
    public ICheckpointSerializer? PayloadSerializer { get; set; }

    /// <summary>Reads the result; null for that of the function that invokes.</summary>
    public ICheckpointSerializer? ResultSerializer { get; set; }
}
