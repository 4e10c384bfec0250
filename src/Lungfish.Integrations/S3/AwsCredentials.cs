namespace Lungfish.Integrations.S3;

/// <summary>Keys that requests are signed with.</summary>
/// <param name="SessionToken">Null for long-term keys.</param>
public sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken = null)
{
    /// <summary>Never shows the secret.</summary>
    public override string ToString() => $"{nameof(AwsCredentials)} {AccessKeyId}";
}

/// <summary>An S3 endpoint to use instead of folder buckets.</summary>
public sealed record S3EndpointOptions
{
    /// <summary>With http or https; buckets and keys become its path (path-style).</summary>
    public required Uri Endpoint { get; init; }

    public string Region { get; init; } = "us-east-1";

    /// <summary>Null: requests are not signed, which endpoints for tests accept.</summary>
    public AwsCredentials? Credentials { get; init; }
}
