using System.Collections.Immutable;

namespace Lungfish.Deployment;

/// <summary>What the readers of all formats need to know beside the files.</summary>
public sealed record ReadOptions
{
    /// <summary>As the Serverless Framework's <c>--stage</c>. Null: the provider's stage, else <c>dev</c>.</summary>
    public string? Stage { get; init; }

    public required string AccountId { get; init; }

    /// <summary>Where it is deployed to. Null: the provider's region, else <c>us-east-1</c>.</summary>
    public string? Region { get; init; }

    public string Partition { get; init; } = "aws";

    public required Func<string, string?> Environment { get; init; }

    /// <summary>Names what has no name of its own, by an id; the same at each deployment.</summary>
    public required Func<string, string> GenerateName { get; init; }

    /// <summary>The number of the version of a function that this deployment has published; null: none yet, and what
    /// refers to it is not used yet.</summary>
    public Func<string, string?> PublishedVersion { get; init; } = _ => null;

    /// <summary>Values for parameters of templates, before their defaults.</summary>
    public ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary<string, string>.Empty;
}
