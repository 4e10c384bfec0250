using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Engine.MapRuns;

/// <summary>Writes the results of distributed Map states to a kind of destination.</summary>
public interface IResultWriter
{
    /// <summary>A definition that names another resource in a ResultWriter is refused.</summary>
    bool CanWrite(ServiceIntegration resource);

    /// <summary>Writes all results of a map run. After a crash it is asked again for the same run: what it writes the
    /// second time takes the place of the first.</summary>
    /// <param name="destination">Where to and in which form.</param>
    /// <param name="run">Whose results they are.</param>
    /// <param name="results">One for each child execution, about in the order of their starts; read once.</param>
    /// <param name="cancellationToken">Nobody waits for it any more, or the server drains.</param>
    /// <returns>The result of the Map state: <c>{"MapRunArn":…,"ResultWriterDetails":{…}}</c>.</returns>
    /// <exception cref="ResultWriterException">The map run fails with <c>States.ResultWriterFailed</c>.</exception>
    ValueTask<JsonValue> WriteAsync(
        ResultDestination destination,
        MapRunIdentity run,
        IAsyncEnumerable<ChildResult> results,
        CancellationToken cancellationToken);
}

/// <summary>Which map run it is.</summary>
/// <param name="Arn"><c>arn:aws:states:…:mapRun:MACHINE/LABEL:ID</c></param>
/// <param name="Id">The UUID at the end of the ARN.</param>
/// <param name="StateMachineArn">That of its child executions: <c>…:stateMachine:MACHINE/LABEL</c>.</param>
public sealed record MapRunIdentity(string Arn, string Id, string StateMachineArn);

/// <summary>A child execution that has closed.</summary>
public sealed record ChildResult
{
    public required string ExecutionArn { get; init; }

    public required string Name { get; init; }

    public required ExecutionStatus Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset StoppedAt { get; init; }

    /// <summary>JSON text.</summary>
    public required string Input { get; init; }

    /// <summary>JSON text; null unless it has succeeded.</summary>
    public string? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }
}

/// <summary>The results cannot be written.</summary>
/// <param name="cause">The cause as AWS words it.</param>
public sealed class ResultWriterException(string cause, Exception? innerException = null)
    : Exception(cause, innerException);
