using Lungfish.Json;

namespace Lungfish.States.Testing;

/// <summary>What a test is asked to be, as the caller wrote it.</summary>
public sealed record StateTestRequest
{
    /// <summary>One state, or with a <see cref="StateName"/> a whole machine.</summary>
    public required string Definition { get; init; }

    public string? StateName { get; init; }

    public string? RoleArn { get; init; }

    public JsonValue Input { get; init; } = JsonObject.Empty;

    /// <summary>JSON text of an object.</summary>
    public string? Variables { get; init; }

    /// <summary>JSON text of an object.</summary>
    public string? Context { get; init; }

    public MockRequest? Mock { get; init; }

    public bool RevealSecrets { get; init; }

    public StateTestConfiguration Configuration { get; init; } = new();
}

public sealed record MockRequest
{
    /// <summary>JSON text.</summary>
    public string? Result { get; init; }

    public MockedErrorOutput? ErrorOutput { get; init; }

    public MockValidation Validation { get; init; } = MockValidation.Strict;
}

public sealed record MockedErrorOutput(string? Error, string? Cause);

/// <summary>How a mocked result is compared with what the service answers.</summary>
public enum MockValidation
{
    /// <summary>What the service always answers must be there, and what is there must have its form.</summary>
    Strict,

    /// <summary>What is there must have its form.</summary>
    Present,

    None,
}

/// <summary>Null for what was not said.</summary>
public sealed record StateTestConfiguration
{
    /// <summary>How many retries the retrier that applies has made before.</summary>
    public int? RetrierRetryCount { get; init; }

    /// <summary>The state inside a Map or Parallel state from which a mocked error comes.</summary>
    public string? ErrorCausedByState { get; init; }

    /// <summary>How many iterations of a Map failed.</summary>
    public int? MapIterationFailureCount { get; init; }

    /// <summary>What the ItemReader of a Map finds, in its own format.</summary>
    public string? MapItemReaderData { get; init; }
}

/// <summary>Why a test cannot be made.</summary>
/// <param name="Message">In AWS's words; for <see cref="TestRefusalKind.Definition"/> the diagnostics alone.</param>
public sealed record TestRefusal(TestRefusalKind Kind, string Message)
{
    internal static TestRefusal Invalid(string message) => new(TestRefusalKind.Request, message);

    internal static TestRefusal NotTestable(string message) => new(TestRefusalKind.NotTestable, message);
}

public enum TestRefusalKind
{
    /// <summary>The definition has errors.</summary>
    Definition,

    /// <summary>The definition is right, but such a state can only be tested with a mock.</summary>
    NotTestable,

    /// <summary>What is asked of the test does not fit the state or itself.</summary>
    Request,
}
