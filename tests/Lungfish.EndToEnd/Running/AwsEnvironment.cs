using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Running;

/// <summary>What a user sets to aim the AWS CLI and SDKs at a server: the endpoint, and nothing of
/// Lungfish's.</summary>
internal static class AwsEnvironment
{
    /// <summary>The interpreter that has boto3, as <c>./test</c> found it.</summary>
    public static string Python { get; } = Environment.GetEnvironmentVariable("LUNGFISH_TEST_PYTHON") ?? "python3";

    /// <summary>False for Debian's boto3, which is older than durable functions.</summary>
    public static Lazy<Task<bool>> Boto3KnowsDurable { get; } = new(async () =>
    {
        const string ask = "import boto3; boto3.client('lambda', region_name='us-east-1').get_durable_execution";
        return (await Command.RunAsync(Python, ["-c", ask])).ExitCode == 0;
    });

    public static string NodeModules { get; } = Repository.PathOf("tests/js/package.json");

    public static Dictionary<string, string> For(Uri endpoint) => new(StringComparer.Ordinal)
    {
        ["AWS_ENDPOINT_URL"] = endpoint.ToString().TrimEnd('/'),
        ["AWS_ACCESS_KEY_ID"] = "test",
        ["AWS_SECRET_ACCESS_KEY"] = "test",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_REGION"] = "us-east-1", // The JavaScript SDK reads this one.
        ["AWS_PAGER"] = "",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["PYTHONDONTWRITEBYTECODE"] = "1",
        ["LUNGFISH_TEST_MODULES"] = NodeModules,
    };
}
