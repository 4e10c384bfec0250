using System.Collections.Immutable;
using Lungfish.Deployment.Documents;

namespace Lungfish.Deployment.Serverless;

/// <summary>Reads the events of state machines: HTTP routes that start them.</summary>
internal sealed class HttpEventsReader(ReadContext context, string stage)
{
    private static readonly ImmutableArray<string> Methods =
        ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

    private readonly ImmutableArray<HttpEventResource>.Builder _found =
        ImmutableArray.CreateBuilder<HttpEventResource>();

    private readonly Dictionary<string, HashSet<string>> _verbs = []; // By path.

    public ImmutableArray<HttpEventResource> Found => _found.ToImmutable();

    public void Read(Section machine, string machineName)
    {
        var path = machine.KeyOf("events");
        switch (machine.Read("events"))
        {
            case null:
                return;
            case ListNode list:
                for (var i = 0; i < list.Items.Length; i++)
                {
                    ReadOne(list.Items[i], $"{path}[{i}]", machineName);
                }

                return;
            case var other:
                machine.Complain(
                    other.Mark, path, $"this is {other.Kind}, and must be a list", "List events such as http.");
                return;
        }
    }

    private void ReadOne(DocumentNode node, string path, string machineName)
    {
        var section = new Section(node, path, context);
        if (section.Read("http") is { } http)
        {
            ReadHttp(http, section.KeyOf("http"), machineName);
        }

        foreach (var kind in (string[])["schedule", "cloudwatchEvent", "eventBridgeEvent", "eventbridge"])
        {
            section.Refuse(kind, "Start executions with the API or an http event; other events come later.");
        }

        section.End();
    }

    private void ReadHttp(DocumentNode node, string path, string machineName)
    {
        if (node is ScalarNode { Text: { } shortForm })
        {
            var parts = shortForm.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Add(parts.Length == 2 ? parts[0] : "", parts.Length == 2 ? parts[1] : "", node.Mark, path, machineName);
            return;
        }

        var section = new Section(node, path, context);
        Add(section.RequireText("method"), section.RequireText("path"), node.Mark, path, machineName);
        if (section.ReadText("action") is { } action)
        {
            // Not even StartExecution: naming it takes the default request template away.
            section.Complain(node.Mark, section.KeyOf("action"), $"the action {action} is not read yet",
                "Take the key out to start executions, or call the Step Functions API.");
        }

        section.Accept("iamRole", "timeoutInMillis");
        section.Refuse("authorizer", "Take it out: the server answers this machine only.");
        section.Refuse("cors", "Take it out: pages of other origins are not answered.");
        section.Refuse("private", "Take it out: the server answers this machine only.");
        section.Refuse("request", "Only the default template is known: the body becomes the execution's input.");
        section.Refuse("response", "Only the default answer is known: executionArn and startDate.");
        section.End();
    }

    private void Add(string method, string route, Mark mark, string path, string machineName)
    {
        var verb = method.ToUpperInvariant();
        if (!Methods.Contains(verb) || route.Length == 0)
        {
            context.Problems.Add(
                mark, path, "an http event needs a method and a path", "Write path: start and method: GET.");
            return;
        }

        var full = $"/{stage}/{route.Trim('/')}".TrimEnd('/');
        if (!_verbs.TryGetValue(full, out var verbs))
        {
            _verbs[full] = verbs = new HashSet<string>(StringComparer.Ordinal);
        }

        if (verbs.Contains(verb) || verbs.Contains("ANY") || (verb == "ANY" && verbs.Count > 0))
        {
            context.Problems.Add(mark, path, $"{verb} {full} is there twice", "Give one of them another path.");
            return;
        }

        _ = verbs.Add(verb);
        _found.Add(new HttpEventResource(verb, full, machineName));
    }
}
