using System.Collections.Immutable;

namespace Lungfish.States.Model;

/// <summary>How the data of an <c>ItemReader</c> is to be read, as the definition declares it.</summary>
public sealed record ReaderConfig
{
    public static readonly ReaderConfig Default = new();

    /// <summary><c>CSV</c>, <c>JSON</c>, <c>JSONL</c>, <c>PARQUET</c> or <c>MANIFEST</c>; null if not set.</summary>
    public string? InputType { get; init; }

    /// <summary><c>ATHENA_DATA</c> or <c>S3_INVENTORY</c>; null if not set.</summary>
    public string? ManifestType { get; init; }

    /// <summary><c>FIRST_ROW</c> or <c>GIVEN</c>; null if not set.</summary>
    public string? CsvHeaderLocation { get; init; }

    /// <summary>The names of the columns where the location is <c>GIVEN</c>.</summary>
    public ImmutableArray<string> CsvHeaders { get; init; } = [];

    /// <summary><c>COMMA</c>, <c>PIPE</c>, <c>SEMICOLON</c>, <c>SPACE</c> or <c>TAB</c>; null means a comma.</summary>
    public string? CsvDelimiter { get; init; }

    /// <summary>A JSON Pointer to the array, or object, in the data that is iterated; null means its top.</summary>
    public string? ItemsPointer { get; init; }

    /// <summary><c>NONE</c> or <c>LOAD_AND_FLATTEN</c>; null means none.</summary>
    public string? Transformation { get; init; }
}

/// <summary>How a <c>ResultWriter</c> shapes the results, as the definition declares it.</summary>
public sealed record WriterConfig
{
    public static readonly WriterConfig Default = new();

    /// <summary><c>NONE</c>, <c>COMPACT</c> or <c>FLATTEN</c>; null means none.</summary>
    public string? Transformation { get; init; }

    /// <summary><c>JSON</c> or <c>JSONL</c>; null means JSON.</summary>
    public string? OutputType { get; init; }
}
