using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Lungfish.DurableFunctions;

/// <summary>What is kept of a batch whose result is too large: enough to decide the same on replay.</summary>
internal sealed record BatchSummary(int TotalCount, CompletionReason Reason, IReadOnlySet<int> Started)
{
    private static readonly (CompletionReason Reason, string Text)[] s_reasons =
    [
        (CompletionReason.AllCompleted, "ALL_COMPLETED"),
        (CompletionReason.MinSuccessfulReached, "MIN_SUCCESSFUL_REACHED"),
        (CompletionReason.FailureToleranceExceeded, "FAILURE_TOLERANCE_EXCEEDED"),
    ];

    public static string TextOf(CompletionReason reason) => Array.Find(s_reasons, pair => pair.Reason == reason).Text;

    public static CompletionReason ReasonOf(string? text) =>
        Array.Find(s_reasons, pair => string.Equals(pair.Text, text, StringComparison.Ordinal)).Reason;

    public static string Write<T>(IBatchResult<T> result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("totalCount"u8, result.TotalCount);
            writer.WriteNumber("successCount"u8, result.SuccessCount);
            writer.WriteNumber("failureCount"u8, result.FailureCount);
            writer.WriteString("completionReason"u8, TextOf(result.CompletionReason));
            writer.WriteStartArray("startedIndexes"u8);
            foreach (var item in result.Started)
            {
                writer.WriteNumberValue(item.Index);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Without a summary, all have run to their end.</summary>
    public static BatchSummary Read(string? text, int count)
    {
        if (string.IsNullOrEmpty(text))
        {
            return new BatchSummary(count, CompletionReason.AllCompleted, new HashSet<int>());
        }

        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        return new BatchSummary(
            root.GetProperty("totalCount"u8).GetInt32(),
            ReasonOf(root.GetProperty("completionReason"u8).GetString()),
            root.GetProperty("startedIndexes"u8).EnumerateArray().Select(index => index.GetInt32()).ToHashSet());
    }
}
