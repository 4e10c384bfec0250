using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Intrinsics;
using Lungfish.Json;

namespace Lungfish.Deployment.Serverless;

internal sealed record StateMachinesRead(
    ImmutableArray<StateMachineResource> Machines,
    ImmutableArray<string> Activities,
    ImmutableArray<HttpEventResource> HttpEvents,
    ReferenceTable References);

/// <summary>Reads the section <c>stepFunctions</c>.</summary>
internal sealed partial class StateMachinesReader(
    ReadContext context, ReferenceTable names, Func<string, string> generateName, string stage)
{
    private readonly ImmutableArray<HttpEventResource>.Builder _httpEvents =
        ImmutableArray.CreateBuilder<HttpEventResource>();

    public StateMachinesRead Read(Section file)
    {
        if (file.Open("stepFunctions") is not { } section)
        {
            return new StateMachinesRead([], [], [], names);
        }

        var activities = ReadActivities(section);
        var machines = section.Open("stateMachines") is { } map
            ? map.Named.Select(entry => Begin(map.Open(entry), entry)).ToImmutableArray()
            : [];
        section.Accept("noOutput", "validate"); // Definitions are always validated.
        section.End();

        // Definitions may refer to each other's machines, so that all names are known before the first is read.
        var references = names with { Resources = names.Resources.AddRange(References(machines, activities)) };
        return new StateMachinesRead(
            [.. machines.Select(m => Finish(m, references))], activities, _httpEvents.ToImmutable(), references);
    }

    private sealed record Begun(
        string Key, string LogicalId, string Name, Section Section, DocumentNode? Definition, Mark Mark);

    private Begun Begin(Section section, MapEntry entry)
    {
        var givenName = section.ReadText("name");
        var id = ServerlessNames.StateMachineId(entry.Key, section.ReadText("id") ?? givenName);
        var machine = new Begun(
            entry.Key, id, givenName ?? generateName(id), section, section.Read("definition"), entry.KeyMark);
        CheckName(machine);
        CheckType(section);
        new HttpEventsReader(context, stage, _httpEvents).Read(section, machine.Name);
        section.Accept(
            "alarms", "dependsOn", "encryptionConfig", "iamRoleStatements", "inheritGlobalTags", "kmsKeyArns",
            "loggingConfig", "retain", "role", "tags", "tracingConfig");
        section.Refuse("useExactVersion", "Take it out: tasks invoke the newest code of their functions.");
        section.Refuse("configureTaskTimeouts", "Write TimeoutSeconds in the states.");
        section.Refuse("notifications", "Take it out; status events come later.");
        section.End();
        return machine;
    }

    private StateMachineResource Finish(Begun machine, ReferenceTable references)
    {
        var resolver = new IntrinsicResolver(references, context.Problems);
        var definition = machine.Definition switch
        {
            MapNode map => IndentedJson.Write(resolver.ToJson(map, machine.Section.KeyOf("definition"))),
            ScalarNode { Text: { } text } scalar =>
                resolver.ToJson(scalar, machine.Section.KeyOf("definition")) is JsonString json
                ? json.Value
                : text,
            var other => MissingDefinition(machine, other),
        };
        return new StateMachineResource
        {
            Key = machine.Key,
            LogicalId = machine.LogicalId,
            Name = machine.Name,
            Definition = definition,
            Mark = machine.Mark,
            Locations = resolver.Locations.ToImmutable(),
        };
    }

    private static string MissingDefinition(Begun machine, DocumentNode? found)
    {
        var message = found is null ? "the key is missing" : $"this is {found.Kind}, and must be a map";
        machine.Section.Complain(
            found?.Mark ?? machine.Mark,
            machine.Section.KeyOf("definition"),
            message,
            "Write the state machine's definition: StartAt and States.");
        return "";
    }

    private static void CheckName(Begun machine)
    {
        if (!NamePattern.IsMatch(machine.Name))
        {
            machine.Section.Complain(
                machine.Mark,
                machine.Section.KeyOf("name"),
                $"{machine.Name} is no name for a state machine",
                "Use at most 80 letters, digits, hyphens and underscores.");
        }
    }

    private static void CheckType(Section section)
    {
        if (section.ReadText("type") is { } type and not "STANDARD")
        {
            section.Complain(
                section.Mark, section.KeyOf("type"), $"state machines of type {type} are not run yet", "Use STANDARD.");
        }
    }

    private ImmutableArray<string> ReadActivities(Section section) => section.Read("activities") switch
    {
        null => [],
        ListNode list => [.. list.Items.OfType<ScalarNode>().Select(item => item.Display)],
        var other => Complain(section, other),
    };

    private static ImmutableArray<string> Complain(Section section, DocumentNode node)
    {
        section.Complain(
            node.Mark,
            section.KeyOf("activities"),
            $"this is {node.Kind}, and must be a list",
            "List the activities' names.");
        return [];
    }

    private IEnumerable<KeyValuePair<string, ResourceReference>> References(
        ImmutableArray<Begun> machines, ImmutableArray<string> activities)
    {
        var prefix = $"arn:{names.Partition}:states:{names.Region}:{names.AccountId}";
        return machines.Select(m => (Id: m.LogicalId, Arn: $"{prefix}:stateMachine:{m.Name}", m.Name))
            .Concat(activities.Select(a => (Id: ServerlessNames.ActivityId(a), Arn: $"{prefix}:activity:{a}", Name: a)))
            .DistinctBy(r => r.Id)
            .Select(r => KeyValuePair.Create(r.Id, new ResourceReference(
                r.Arn, ImmutableDictionary<string, string>.Empty.Add("Arn", r.Arn).Add("Name", r.Name))));
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,80}$", RegexOptions.None, 1000)]
    private static partial Regex NamePattern { get; }
}
