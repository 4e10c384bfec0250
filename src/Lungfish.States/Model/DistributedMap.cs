namespace Lungfish.States.Model;

/// <summary>What a Map state declares in the mode DISTRIBUTED: each item, or batch of items, is the input of a child
/// execution.</summary>
public sealed record DistributedMap
{
    public required ChildExecutionType ExecutionType { get; init; }

    /// <summary>Part of the ARNs of its map runs and children; null: one is generated.</summary>
    public string? Label { get; init; }

    /// <summary>Null: the items are in the state's input.</summary>
    public ItemReader? Reader { get; init; }

    /// <summary>Null: each item has its own child.</summary>
    public ItemBatcher? Batcher { get; init; }

    /// <summary>Null: the result is the array of the outputs.</summary>
    public ResultWriter? Writer { get; init; }
}

public enum ChildExecutionType
{
    Standard,
    Express,
}

/// <summary>Where the items are read from.</summary>
public sealed record ItemReader
{
    public required ServiceIntegration Resource { get; init; }

    /// <summary>Parameters, or in JSONata Arguments.</summary>
    public Template? Parameters { get; init; }

    public ReaderConfig Config { get; init; } = ReaderConfig.Default;

    /// <summary>How many items are iterated at most; 0, and null, for all.</summary>
    public Field<long>? MaxItems { get; init; }
}

/// <summary>How items are put together into the input of one child. At least one limit is set.</summary>
public sealed record ItemBatcher
{
    /// <summary>Null for any number.</summary>
    public Field<long>? MaxItems { get; init; }

    /// <summary>Of the whole input of a child; null for the limit of any input.</summary>
    public Field<long>? MaxInputBytes { get; init; }

    /// <summary>What every batch says beside its items.</summary>
    public Template? Input { get; init; }
}

/// <summary>Where the results are written to, or how they are shaped.</summary>
public sealed record ResultWriter
{
    /// <summary>Null: the results are the output of the state, shaped by the configuration.</summary>
    public ServiceIntegration? Resource { get; init; }

    /// <summary>Parameters, or in JSONata Arguments.</summary>
    public Template? Parameters { get; init; }

    public WriterConfig Config { get; init; } = WriterConfig.Default;
}
