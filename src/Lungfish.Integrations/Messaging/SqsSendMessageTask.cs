using Lungfish.Engine.Tasks;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Messaging;

/// <summary><c>arn:aws:states:::sqs:sendMessage</c>, with and without <c>.waitForTaskToken</c>.</summary>
internal sealed class SqsSendMessageTask(ServiceEndpointOptions options, TimeProvider time) : ITaskHandler
{
    private const string ContentType = "application/x-amz-json-1.0";

    // Other parameters are dropped: recorded in services_sqs/test_send_message_unsupported_parameters.
    private static readonly string[] Passed =
        ["DelaySeconds", "MessageAttributes", "MessageDeduplicationId", "MessageGroupId", "MessageSystemAttributes"];

    private static readonly string[] Answered = ["MD5OfMessageAttributes", "MD5OfMessageBody", "MessageId"];

    public bool CanRun(TaskResource resource) =>
        resource is ServiceIntegration { Service: "sqs" } && MessagingTasks.Offers(resource);

    public async ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var input = assignment.Task.Input as JsonObject ?? JsonObject.Empty;
        if (input["QueueUrl"] is not JsonString { Value: var queue })
        {
            return new TaskFaulted(
                "States.Runtime",
                $"The Parameters '{input.ToText()}' could not be used to start the Task: "
                + "[The field 'QueueUrl' is required but was missing]");
        }

        var call = new ServiceCall
        {
            Address = AddressOf(queue),
            Service = "sqs",
            ContentType = ContentType,
            Target = "AmazonSQS.SendMessage",
            Body = BodyOf(input, queue).ToUtf8(),
        };
        try
        {
            var answer = await call.SendAsync(options, time.GetUtcNow(), cancellationToken);
            return OutcomeOf(assignment, answer);
        }
        catch (ServiceUnreachableException e)
        {
            return MessageOutcome.Unreachable("SQS", e);
        }
    }

    /// <summary>As the SDK that AWS uses does it, the host is that of the queue; what AWS hosts is at the
    /// endpoint.</summary>
    private Uri AddressOf(string queue) => Uri.TryCreate(queue, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && !address.Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase)
            ? new Uri(address.GetLeftPart(UriPartial.Authority))
            : options.Endpoint;

    private static JsonObject BodyOf(JsonObject input, string queue)
    {
        var body = new JsonObject.Builder();
        body.Set("QueueUrl", queue);
        if (MessageOutcome.TextOf(input["MessageBody"]) is { } message)
        {
            body.Set("MessageBody", message);
        }

        foreach (var name in Passed)
        {
            if (input[name] is { } value and not JsonNull)
            {
                body.Set(name, value);
            }
        }

        return body.Build();
    }

    private TaskOutcome OutcomeOf(TaskAssignment assignment, ServiceAnswer answer)
    {
        var requestId = answer.Header("x-amzn-RequestId") ?? RequestIds.Of(assignment);
        var body = Parse(answer.Body);
        if (answer.Status == 200 && body is not null)
        {
            return MessageOutcome.Of(
                assignment,
                answer,
                requestId,
                ContentType,
                time.GetUtcNow(),
                Answered.Where(name => body[name] is JsonString).Select(name => (name, Text(body, name) ?? "")),
                Text(body, "SequenceNumber"));
        }

        var type = Text(body, "__type")?.Split('#')[^1] ?? "InternalFailure";
        var code = answer.Header("x-amzn-query-error")?.Split(';')[0] ?? type;
        var message = Text(body, "message") ?? Text(body, "Message") ?? $"It answered with status {answer.Status}";
        var error = type switch
        {
            // Of the API's model, in the names of the older SDK that the causes come from.
            "QueueDoesNotExist" => "SQS.QueueDoesNotExistException",
            "InvalidMessageContents" => "SQS.InvalidMessageContentsException",
            "UnsupportedOperation" => "SQS.UnsupportedOperationException",
            _ => "SQS.AmazonSQSException",
        };
        return MessageOutcome.Refused(error, "AmazonSQS", answer, code, message, requestId);
    }

    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonValue.Parse(body) as JsonObject;
        }
        catch (JsonParseException)
        {
            return null; // What stands between us and SQS may answer anything: the status has to do.
        }
    }

    private static string? Text(JsonObject? body, string name) => (body?[name] as JsonString)?.Value;
}
