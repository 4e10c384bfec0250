using System.Globalization;

namespace Lungfish.DurableFunctions;

/// <summary>A parallel or a map, reduced to what they share.</summary>
internal sealed class BatchPlan<T>
{
    public required string SubType { get; init; }

    public required string ItemSubType { get; init; }

    public required int Count { get; init; }

    public required Func<int, string> NameOf { get; init; }

    public required Func<int, IDurableContext, CancellationToken, Task<T>> Run { get; init; }

    public int? MaxConcurrency { get; private set; }

    public CompletionConfig Completion { get; private set; } = CompletionConfig.AllSuccessful();

    public bool IsFlat { get; private set; }

    public ICheckpointSerializer? ItemSerializer { get; private set; }

    public ICheckpointSerializer? Serializer { get; private set; }

    public BatchPlan<T> With(ParallelConfig? config) => config is null
        ? this
        : With(
            config.MaxConcurrency,
            config.CompletionConfig,
            config.NestingType,
            config.ItemSerializer,
            config.Serializer);

    public BatchPlan<T> With<TItem>(MapConfig<TItem>? config) => config is null
        ? this
        : With(
            config.MaxConcurrency,
            config.CompletionConfig,
            config.NestingType,
            config.ItemSerializer,
            config.Serializer);

    private BatchPlan<T> With(
        int? maxConcurrency,
        CompletionConfig completion,
        NestingType nesting,
        ICheckpointSerializer? itemSerializer,
        ICheckpointSerializer? serializer)
    {
        MaxConcurrency = maxConcurrency;
        Completion = completion;
        IsFlat = nesting == NestingType.Flat;
        ItemSerializer = itemSerializer;
        Serializer = serializer;
        return this;
    }
}

internal static class BatchPlan
{
    public static readonly Func<int, string> IndexAsName = index => index.ToString(CultureInfo.InvariantCulture);
}
