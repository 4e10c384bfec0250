using System.Globalization;
using Lungfish.Engine.MapRuns;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Results;

/// <summary>The form in which results are written: a <c>WriterConfig</c>.</summary>
internal sealed record ResultFormat(ResultTransformation Transformation, bool IsLines)
{
    /// <exception cref="ResultWriterException">There is no such form.</exception>
    public static ResultFormat Of(WriterConfig config) => new(
        config.Transformation switch
        {
            null or "NONE" => ResultTransformation.None,
            "COMPACT" => ResultTransformation.Compact,
            "FLATTEN" => ResultTransformation.Flatten,
            _ => throw new ResultWriterException($"There is no Transformation {config.Transformation}."),
        },
        config.OutputType switch
        {
            null or "JSON" => false,
            "JSONL" => true,
            _ => throw new ResultWriterException($"There is no OutputType {config.OutputType}."),
        });

    /// <summary>What is written of a child execution.</summary>
    /// <remarks>Documented: what did not succeed is written whole, whatever the transformation.</remarks>
    public IEnumerable<JsonValue> RecordsOf(ChildResult result, MapRunIdentity run)
    {
        if (Transformation is ResultTransformation.None || result.Output is null)
        {
            return [WholeRecord(result, run)];
        }

        var output = JsonValue.Parse(result.Output, int.MaxValue);
        return Transformation is ResultTransformation.Flatten && output is JsonArray items ? items : [output];
    }

    /// <summary>As DescribeExecution would tell it, in the export's spelling.</summary>
    private static JsonObject WholeRecord(ChildResult result, MapRunIdentity run)
    {
        var record = new JsonObject.Builder();
        SetIfAny("Cause", result.Cause);
        SetIfAny("Error", result.Error);
        record.Set("ExecutionArn", result.ExecutionArn);
        record.Set("Input", result.Input);
        record.Set("InputDetails", JsonObject.Of("Included", true));
        record.Set("Name", result.Name);
        if (result.Output is not null)
        {
            record.Set("Output", result.Output);
            record.Set("OutputDetails", JsonObject.Of("Included", true));
        }

        record.Set("RedriveCount", 0);
        record.Set(
            "RedriveStatus",
            result.Status is ExecutionStatus.Succeeded or ExecutionStatus.Running
                ? "NOT_REDRIVABLE"
                : "REDRIVABLE_BY_MAP_RUN");
        record.Set("StartDate", TimeText(result.StartedAt));
        record.Set("StateMachineArn", run.StateMachineArn);
        record.Set("Status", StatusText(result.Status));
        if (result.Status is not ExecutionStatus.Running)
        {
            record.Set("StopDate", TimeText(result.StoppedAt));
        }

        return record.Build();

        void SetIfAny(string name, string? value)
        {
            if (value is not null)
            {
                record.Set(name, value);
            }
        }
    }

    private static string StatusText(ExecutionStatus status) => status switch
    {
        ExecutionStatus.TimedOut => "TIMED_OUT",
        _ => status.ToString().ToUpperInvariant(),
    };

    private static string TimeText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

internal enum ResultTransformation
{
    /// <summary>Each child execution with its metadata.</summary>
    None,

    /// <summary>Each output.</summary>
    Compact,

    /// <summary>Each output, and the elements of those that are arrays.</summary>
    Flatten,
}
