namespace Lungfish.Durable.Deciding;

/// <summary>What one durable execution may grow to. The defaults are those of AWS as far as they are known.</summary>
public sealed record DurableLimits
{
    public static readonly DurableLimits Default = new();

    /// <summary>Documented: 3,000. The EXECUTION operation does not count.</summary>
    public int OperationsMax { get; init; } = 3_000;

    /// <summary>All payloads and errors that were ever written, in UTF-16 characters. Documented: 100 MB written; what
    /// a retry or a redrive has replaced still counts.</summary>
    public long WrittenCharactersMax { get; init; } = 100 * 1024 * 1024;

    /// <summary>Documented in the service's model: of the payload of any update.</summary>
    public int PayloadCharactersMax { get; init; } = 6_291_456;

    /// <summary>What a step or a context may end with, in bytes of UTF-8. SDKs replay the children of a context with
    /// a larger result instead of sending it.</summary>
    public int ResultBytesMax { get; init; } = 256 * 1024;

    /// <summary>Documented in the service's model.</summary>
    public int CallbackResultBytesMax { get; init; } = 256 * 1024;

    /// <summary>All members of an operation's ErrorObject together, in bytes of UTF-8.</summary>
    public int ErrorBytesMax { get; init; } = 32 * 1024;

    /// <summary>The same of the error that an execution is stopped with. Documented in the service's model.</summary>
    public int EndErrorBytesMax { get; init; } = 256 * 1024;

    /// <summary>How many invocations in a row may fail without a checkpoint between them.</summary>
    public int FailuresMax { get; init; } = 10;
}
