using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Lungfish.Engine.Tasks;
using Lungfish.Integrations.S3;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Messaging;

/// <summary><c>arn:aws:states:::sns:publish</c>, with and without <c>.waitForTaskToken</c>.</summary>
internal sealed class SnsPublishTask(ServiceEndpointOptions options, TimeProvider time) : ITaskHandler
{
    private static readonly string[] Passed =
    [
        "Message", "MessageDeduplicationId", "MessageGroupId", "MessageStructure", "PhoneNumber", "Subject",
        "TargetArn", "TopicArn",
    ];

    // Of the API's model: its errors have names of their own; all others are the service's base exception.
    private static readonly HashSet<string> ModelledErrors = new(StringComparer.Ordinal)
    {
        "AuthorizationError", "EndpointDisabled", "InternalError", "InvalidParameter", "InvalidSecurity",
        "KMSAccessDenied", "KMSDisabled", "KMSInvalidState", "KMSNotFound", "KMSOptInRequired", "KMSThrottling",
        "NotFound", "ParameterValueInvalid", "PlatformApplicationDisabled", "Validation",
    };

    public bool CanRun(TaskResource resource) =>
        resource is ServiceIntegration { Service: "sns" } && MessagingTasks.Offers(resource);

    public async ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var call = new ServiceCall
        {
            Address = options.Endpoint,
            Service = "sns",
            ContentType = "application/x-www-form-urlencoded; charset=utf-8",
            Body = Encoding.UTF8.GetBytes(FormOf(assignment.Task.Input as JsonObject ?? JsonObject.Empty)),
        };
        try
        {
            var answer = await call.SendAsync(options, time.GetUtcNow(), cancellationToken);
            return OutcomeOf(assignment, answer);
        }
        catch (ServiceUnreachableException e)
        {
            return MessageOutcome.Unreachable("SNS", e);
        }
    }

    private static string FormOf(JsonObject input)
    {
        List<KeyValuePair<string, string>> fields = [new("Action", "Publish"), new("Version", "2010-03-31")];
        foreach (var name in Passed)
        {
            AddIfAny(name, input[name]);
        }

        var number = 0;
        foreach (var (name, attribute) in input["MessageAttributes"] as JsonObject ?? JsonObject.Empty)
        {
            number++;
            var entry = string.Create(CultureInfo.InvariantCulture, $"MessageAttributes.entry.{number}.");
            fields.Add(new(entry + "Name", name));
            foreach (var (member, value) in attribute as JsonObject ?? JsonObject.Empty)
            {
                AddIfAny($"{entry}Value.{member}", value);
            }
        }

        return SignatureV4.CanonicalQuery(fields);

        void AddIfAny(string name, JsonValue? value)
        {
            if (MessageOutcome.TextOf(value) is { } text)
            {
                fields.Add(new(name, text));
            }
        }
    }

    private TaskOutcome OutcomeOf(TaskAssignment assignment, ServiceAnswer answer)
    {
        var body = Parse(answer.Body);
        var requestId = Text(body, "RequestId") ?? answer.Header("x-amzn-RequestId") ?? RequestIds.Of(assignment);
        if (answer.Status == 200 && Text(body, "MessageId") is { } messageId)
        {
            return MessageOutcome.Of(
                assignment,
                answer,
                requestId,
                "text/xml",
                time.GetUtcNow(),
                [("MessageId", messageId)],
                Text(body, "SequenceNumber"));
        }

        var code = Text(body, "Code") ?? "InternalFailure";
        var message = Text(body, "Message") ?? $"It answered with status {answer.Status}";
        var name = ModelledErrors.Contains(code) ? code + "Exception" : "AmazonSNSException";
        return MessageOutcome.Refused($"SNS.{name}", "AmazonSNS", answer, code, message, requestId);
    }

    private static XElement? Parse(byte[] body)
    {
        try
        {
            using var content = new MemoryStream(body);
            using var reader = XmlReader.Create(
                content, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null; // What stands between us and SNS may answer anything: the status has to do.
        }
    }

    /// <summary>The first element of that name, wherever it stands.</summary>
    private static string? Text(XElement? body, string name) =>
        body?.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value is { Length: > 0 } text
            ? text
            : null;
}
