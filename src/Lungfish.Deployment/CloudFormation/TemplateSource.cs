namespace Lungfish.Deployment.CloudFormation;

/// <summary>A template of CloudFormation or SAM, and what lies beside it.</summary>
public sealed record TemplateSource
{
    /// <summary>As messages show it.</summary>
    public required string FileName { get; init; }

    public required string Text { get; init; }

    public required string StackName { get; init; }

    /// <summary>Where local paths in the template begin, relative to the application's folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Local paths lead to what people write; otherwise to what a tool has put together.</summary>
    public bool IsSource { get; init; } = true;

    /// <summary>What the keys of objects in buckets stand for.</summary>
    public IReadOnlyDictionary<string, Asset> Assets { get; init; } =
        new Dictionary<string, Asset>(StringComparer.Ordinal);

    /// <summary>Exports of stacks that were read before.</summary>
    public IReadOnlyDictionary<string, string> Exports { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Reads a text file, by its path from the application's folder; null if there is none.</summary>
    public required Func<string, string?> ReadFile { get; init; }
}

/// <param name="Path">From the application's folder.</param>
/// <param name="IsFolder">It is to be packed; otherwise it is the object itself.</param>
public sealed record Asset(string Path, bool IsFolder);
