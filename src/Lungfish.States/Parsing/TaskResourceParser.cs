using Lungfish.States.Model;

namespace Lungfish.States.Parsing;

/// <summary>Takes the <c>Resource</c> of a Task apart.</summary>
internal static class TaskResourceParser
{
    /// <summary>Null if no form of a resource fits.</summary>
    public static TaskResource? Parse(string arn)
    {
        // arn:PARTITION:SERVICE:REGION:ACCOUNT:REST
        var parts = arn.Split(':', 6);
        if (parts.Length < 6 || parts[0] != "arn" || parts[1].Length == 0)
        {
            return null;
        }

        var rest = parts[5];
        return (parts[2], parts[3].Length + parts[4].Length) switch
        {
            ("lambda", > 0) when IsFunction(rest) => new LambdaFunctionResource(arn),
            ("states", > 0) when rest.StartsWith("activity:", StringComparison.Ordinal) && rest.Length > 9 =>
                new ActivityResource(arn),
            ("states", 0) => ParseIntegration(arn, rest),
            _ => null,
        };
    }

    private static bool IsFunction(string rest)
    {
        var parts = rest.Split(':');
        return parts.Length is 2 or 3 && parts[0] == "function" && Array.TrueForAll(parts, part => part.Length > 0);
    }

    private static ServiceIntegration? ParseIntegration(string arn, string rest)
    {
        // SERVICE:ACTION, with the service in two parts for aws-sdk, and ".sync:2" as the one colon after the action.
        var pattern = IntegrationPattern.RequestResponse;
        foreach (var (suffix, meaning) in Patterns)
        {
            if (rest.EndsWith(suffix, StringComparison.Ordinal))
            {
                (pattern, rest) = (meaning, rest[..^suffix.Length]);
                break;
            }
        }

        var colon = rest.LastIndexOf(':');
        if (colon <= 0 || colon == rest.Length - 1)
        {
            return null;
        }

        var (service, action) = (rest[..colon], rest[(colon + 1)..]);
        var isSdk = service.StartsWith("aws-sdk:", StringComparison.Ordinal);
        return service.Contains(':', StringComparison.Ordinal) == isSdk
            ? new ServiceIntegration(arn, service, action, pattern)
            : null;
    }

    private static readonly (string Suffix, IntegrationPattern Pattern)[] Patterns =
    [
        (".sync", IntegrationPattern.Sync),
        (".sync:2", IntegrationPattern.Sync2),
        (".waitForTaskToken", IntegrationPattern.WaitForTaskToken),
    ];
}
