using Lungfish.Json;
using Lungfish.States.Journal;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

/// <summary>Evaluates the fields of a distributed Map, once for each of its runs. The first failure stays.</summary>
internal sealed class MapRunPlanner(StateData data, MapState state, DistributedMap map, JsonValue input)
{
    public StateFailure? Failure { get; private set; }

    public MapRunPlan Make(string arn, JsonValue? items, long concurrencyMax) => new()
    {
        Arn = arn,
        Input = input,
        Items = items,
        Limits = new MapRunLimits(
            concurrencyMax,
            Take(MapTolerance.Count.Read(data, state.ToleratedFailureCount, input)),
            Take(MapTolerance.Percentage.Read(data, state.ToleratedFailurePercentage, input))),
        IsExpress = map.ExecutionType == ChildExecutionType.Express,
        ItemsMax = ItemsMax(),
        IsBatched = map.Batcher is not null,
        BatchItemsMax = BatchLimit(map.Batcher?.MaxItems, "MaxItemsPerBatch"),
        BatchBytesMax = BatchLimit(map.Batcher?.MaxInputBytes, "MaxInputBytesPerBatch"),
        BatchInput = Compose(map.Batcher?.Input),
        ReaderParameters = map.Reader is { } reader ? Compose(reader.Parameters) ?? JsonObject.Empty : null,
        WriterParameters = map.Writer is { Resource: not null } writer
            ? Compose(writer.Parameters) ?? JsonObject.Empty
            : null,
    };

    private long ItemsMax()
    {
        var count = Integer(map.Reader?.MaxItems, "MaxItems");
        if (count < 0)
        {
            // Recorded; bare.
            Failure ??= new(ErrorNames.ItemReaderFailed, "field MaxItems must be positive", FailureKind.State);
        }

        return Math.Max(count, 0);
    }

    private long BatchLimit(Field<long>? field, string name)
    {
        var limit = Integer(field, name);
        if (field is not null && limit <= 0)
        {
            // That it is refused is documented, the words are ours.
            Failure ??= data.RuntimeError($"{name} must be positive.");
        }

        return Math.Max(limit, 0);
    }

    // Recorded for MaxItemsPath: any integer; what it must be besides is said in other words.
    private long Integer(Field<long>? field, string name) => Take(new NumberField<long>(
        name + "Path",
        "integer",
        NumberFields.ToInteger,
        static (data, computed) => data.Integer(computed, int.MinValue, int.MaxValue),
        static _ => true,
        OutOfRange: null).Read(data, field, input));

    private JsonValue? Compose(Template? template)
    {
        if (template is null)
        {
            return null;
        }

        var composed = data.Compose(template, input);
        Failure ??= composed.Failure;
        return composed.Value;
    }

    private T Take<T>(Reading<T> reading)
        where T : struct
    {
        Failure ??= reading.Failure;
        return reading.Value ?? default;
    }
}
