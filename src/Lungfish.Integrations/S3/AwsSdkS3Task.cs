using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lungfish.Engine.Tasks;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.Integrations.S3;

/// <summary><c>arn:aws:states:::aws-sdk:s3:ACTION</c> for the actions that are here; others are refused when a
/// definition names them.</summary>
public sealed class AwsSdkS3Task(IObjectStore store) : ITaskHandler
{
    // Of the API's model: its errors have names of their own; all others are the service's base exception.
    private static readonly HashSet<string> ModelledErrors = new(StringComparer.Ordinal)
    {
        "BucketAlreadyExists", "BucketAlreadyOwnedByYou", "InvalidObjectState", "InvalidRequest", "NoSuchBucket",
        "NoSuchKey", "NoSuchUpload", "NotFound",
    };

    public bool CanRun(TaskResource resource) => Offers(resource);

    public static bool Offers(TaskResource resource) => resource is ServiceIntegration
    {
        Service: "aws-sdk:s3",
        Pattern: IntegrationPattern.RequestResponse or IntegrationPattern.WaitForTaskToken,
    } integration && S3Actions.ByName.ContainsKey(integration.Action);

    public async ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var action = S3Actions.ByName[((ServiceIntegration)assignment.Task.Resource).Action];
        var input = assignment.Task.Input as JsonObject ?? JsonObject.Empty;
        if (action.FirstProblem(input) is { } problem)
        {
            return new TaskFaulted(
                "States.Runtime",
                $"The Parameters '{input.ToText()}' could not be used to start the Task: [{problem}]");
        }

        try
        {
            var output = await action.RunAsync(store, input, cancellationToken);
            return assignment.Task.AnsweredByToken ? new TaskHandedOver(output) : new TaskCompleted(output);
        }
        catch (ObjectStoreException e)
        {
            return Refused(e, assignment.IdempotencyKey);
        }
        catch (IOException e)
        {
            return new TaskFaulted("S3.SdkClientException", $"Unable to execute HTTP request: {e.Message}");
        }
    }

    /// <remarks>Recorded in error_handling/aws_sdk.test_no_such_bucket and test_s3_no_such_key.</remarks>
    private static TaskFaulted Refused(ObjectStoreException refusal, string idempotencyKey)
    {
        if (refusal.HttpStatus == 0)
        {
            return new TaskFaulted("S3.SdkClientException", refusal.ServiceMessage);
        }

        // Folders give no ids: some that are the same whenever this attempt is handed out.
        var ids = SHA256.HashData(Encoding.ASCII.GetBytes(idempotencyKey));
        var requestId = refusal.RequestId is { Length: > 0 } id ? id : Convert.ToHexString(ids.AsSpan(0, 8));
        var extendedId = refusal.ExtendedRequestId is { Length: > 0 } longId ? longId : Convert.ToBase64String(ids);
        var name = ModelledErrors.Contains(refusal.Code) ? refusal.Code + "Exception" : "S3Exception";
        return new TaskFaulted(
            $"S3.{name}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{refusal.ServiceMessage} (Service: S3, Status Code: {refusal.HttpStatus}, ")
            + $"Request ID: {requestId}, Extended Request ID: {extendedId})");
    }
}

/// <summary>One action of S3 as a task calls it.</summary>
internal sealed record S3Action(
    ImmutableArray<string> Required,
    ImmutableArray<string> Optional,
    Func<IObjectStore, JsonObject, CancellationToken, Task<JsonValue>> RunAsync)
{
    /// <summary>What is wrong with the parameters, or null.</summary>
    public string? FirstProblem(JsonObject input)
    {
        foreach (var name in Required)
        {
            if (input[name] is null or JsonNull)
            {
                return $"The field '{name}' is required but was missing"; // Recorded form: integrations.md section 9.
            }
        }

        foreach (var (name, value) in input)
        {
            if (!Required.Contains(name) && !Optional.Contains(name))
            {
                return $"The field '{name}' is not supported by Lungfish";
            }

            var isAcceptable = name switch
            {
                "Body" => true,
                "MaxKeys" => value is JsonNumber number && number.TryGetInt64(out var count) && count >= 0,
                _ => value.Kind is JsonKind.String or JsonKind.Null,
            };
            if (!isAcceptable)
            {
                return $"The value of the field '{name}' has an invalid format";
            }
        }

        return null;
    }
}
