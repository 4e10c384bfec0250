using System.Text;
using System.Text.Json.Serialization;

namespace Lungfish.DurableFunctions;

/// <summary>An error as it is checkpointed: it outlives the process in which it was thrown.</summary>
[JsonConverter(typeof(ErrorObjectConverter))]
public sealed class ErrorObject
{
    // The service refuses an operation's error over 32 KB, and keeps 256 KB of what an execution fails with. Kept below
    // them, so that names and brackets have room.
    private const int BytesMax = 30 * 1024;
    private const int BytesOfExecutionMax = 250 * 1024;

    /// <summary>The full name of the exception's type, or the name that an outside system gave.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The exception's message.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Data of the author's own, as text.</summary>
    public string? ErrorData { get; init; }

    /// <summary>The stack, a frame per line.</summary>
    public IReadOnlyList<string>? StackTrace { get; init; }

    /// <summary>
    /// The error that <paramref name="exception"/> stands for: one that was checkpointed before is handed on as it is,
    /// so that type, message and stack of the origin are what the caller of the execution sees.
    /// </summary>
    /// <param name="exception">Any exception.</param>
    public static ErrorObject FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Fitting(Whole(exception), BytesMax);
    }

    /// <summary>What an execution fails with: as much of it as the service keeps.</summary>
    internal static ErrorObject OfExecution(Exception exception) => Fitting(Whole(exception), BytesOfExecutionMax);

    private static ErrorObject Whole(Exception exception) =>
        exception is DurableOperationException { ErrorType: not null } known
            ? new ErrorObject
            {
                ErrorType = known.ErrorType,
                ErrorMessage = known.Message,
                ErrorData = known.ErrorData,
                StackTrace = known.OriginalStackTrace,
            }
            : new ErrorObject
            {
                ErrorType = exception.GetType().FullName,
                ErrorMessage = exception.Message,
                ErrorData = (exception as DurableOperationException)?.ErrorData,
                StackTrace = Lines(exception.StackTrace),
            };

    private static string[]? Lines(string? stack) =>
        stack?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ErrorObject Fitting(ErrorObject error, int bytesMax)
    {
        var room = bytesMax - Size(error.ErrorType) - Size(error.ErrorData);
        var message = error.ErrorMessage;
        if (message is not null && Size(message) > room)
        {
            const string Cut = " ... (cut: it is longer than the service takes)";
            var length = Math.Max(0, Math.Min(message.Length, room / 3) - Cut.Length);
            message = string.Concat(message.AsSpan(0, length), Cut);
        }

        room -= Size(message);
        var stack = error.StackTrace;
        for (var i = 0; stack is not null && i < stack.Count; i++)
        {
            room -= Size(stack[i]) + 3;
            if (room < 0)
            {
                stack = [.. stack.Take(i), $"... {stack.Count - i} more frames"];
            }
        }

        return new ErrorObject
        {
            ErrorType = error.ErrorType,
            ErrorMessage = message,
            ErrorData = error.ErrorData,
            StackTrace = stack,
        };
    }

    private static int Size(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
