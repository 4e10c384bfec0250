using Lungfish.Engine.Tasks;
using Lungfish.Integrations.S3;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Messaging;

/// <summary>Where a service is.</summary>
public sealed record ServiceEndpointOptions
{
    /// <summary>With http or https.</summary>
    public required Uri Endpoint { get; init; }

    public string Region { get; init; } = "us-east-1";

    /// <summary>Null: requests are not signed, which endpoints for tests accept.</summary>
    public AwsCredentials? Credentials { get; init; }
}

/// <summary>The kinds of tasks that send messages, for the services that have an endpoint.</summary>
public static class MessagingTasks
{
    /// <param name="sqs">Null: definitions that use SQS are refused.</param>
    /// <param name="sns">Null: definitions that use SNS are refused.</param>
    public static IEnumerable<ITaskHandler> All(
        ServiceEndpointOptions? sqs, ServiceEndpointOptions? sns, TimeProvider time)
    {
        if (sqs is not null)
        {
            yield return new SqsSendMessageTask(sqs, time);
        }

        if (sns is not null)
        {
            yield return new SnsPublishTask(sns, time);
        }
    }

    /// <summary>Whether a definition may name the resource on a server with both endpoints.</summary>
    public static bool Offers(TaskResource resource) => resource is ServiceIntegration
    {
        Service: "sqs",
        Action: "sendMessage",
        Pattern: IntegrationPattern.RequestResponse or IntegrationPattern.WaitForTaskToken,
    } or ServiceIntegration
    {
        Service: "sns",
        Action: "publish",
        Pattern: IntegrationPattern.RequestResponse or IntegrationPattern.WaitForTaskToken,
    };
}
