namespace Lungfish.States.Model;

/// <summary>What a Task state calls: its <c>Resource</c>, taken apart.</summary>
public abstract record TaskResource(string Arn);

/// <summary>A Lambda function's ARN as the resource: input and output go through as they are.</summary>
public sealed record LambdaFunctionResource(string Arn) : TaskResource(Arn);

/// <summary>An activity: workers fetch its tasks with GetActivityTask.</summary>
public sealed record ActivityResource(string Arn) : TaskResource(Arn);

/// <summary><c>arn:aws:states:::SERVICE:ACTION[.PATTERN]</c>.</summary>
/// <param name="Service"><c>lambda</c>, <c>sqs</c>, or <c>aws-sdk:dynamodb</c>.</param>
/// <param name="Action">Without the pattern: <c>invoke</c>.</param>
public sealed record ServiceIntegration(string Arn, string Service, string Action, IntegrationPattern Pattern)
    : TaskResource(Arn)
{
    /// <summary>As history events name it: <c>invoke.waitForTaskToken</c>.</summary>
    public string ActionWithPattern => Pattern switch
    {
        IntegrationPattern.Sync => Action + ".sync",
        IntegrationPattern.Sync2 => Action + ".sync:2",
        IntegrationPattern.WaitForTaskToken => Action + ".waitForTaskToken",
        _ => Action,
    };
}

public enum IntegrationPattern
{
    RequestResponse,
    Sync,
    Sync2,
    WaitForTaskToken,
}
