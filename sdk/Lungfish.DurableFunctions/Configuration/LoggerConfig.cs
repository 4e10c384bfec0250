using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions;

/// <summary>Where lines go, and whether they repeat on replay.</summary>
public sealed class LoggerConfig
{
    /// <summary>Takes the lines; null keeps the logger that is in use.</summary>
    public ILogger? CustomLogger { get; init; }

    /// <summary>Whether lines that an earlier invocation wrote are left out.</summary>
    public bool ModeAware { get; init; } = true;
}
