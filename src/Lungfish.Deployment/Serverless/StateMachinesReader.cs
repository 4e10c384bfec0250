using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Intrinsics;

namespace Lungfish.Deployment.Serverless;

internal sealed record StateMachinesRead(
    ImmutableArray<StateMachineResource> Machines,
    ImmutableArray<string> Activities,
    ImmutableArray<HttpEventResource> HttpEvents,
    ReferenceTable References)
{
    /// <summary>Machines call versions of functions.</summary>
    public bool UsesVersions { get; init; }
}

/// <summary>Reads the section <c>stepFunctions</c>.</summary>
/// <param name="versions">What functions are called where a machine asks for exact versions.</param>
internal sealed partial class StateMachinesReader(
    ReadContext context,
    ReferenceTable names,
    ImmutableDictionary<string, ResourceReference> versions,
    Func<string, string> generateName,
    string stage)
{
    private const int MachinesMax = 500; // They become resources of one stack, which has no more.

    private readonly HttpEventsReader _httpEvents = new(context, stage);

    public StateMachinesRead Read(Section file)
    {
        if (file.Open("stepFunctions") is not { } section)
        {
            return new StateMachinesRead([], [], [], names);
        }

        var activities = ReadActivities(section);
        var machines = section.Open("stateMachines") is { } map
            ? map.NamedUpTo(MachinesMax).Select(entry => Begin(map.Open(entry), entry)).ToImmutableArray()
            : [];
        section.Accept("noOutput", "validate"); // Definitions are always validated.
        section.End();

        // Definitions may refer to each other's machines, so that all names are known before the first is read.
        var references = names with { Resources = names.Resources.AddRange(References(machines, activities)) };
        var exact = references with { Resources = references.Resources.SetItems(versions) };
        return new StateMachinesRead(
            [.. machines.Select(m => Finish(m, m.UsesVersions ? exact : references))],
            activities,
            _httpEvents.Found,
            references)
        {
            UsesVersions = machines.Any(m => m.UsesVersions),
        };
    }

    private sealed record Begun(
        string Key,
        string LogicalId,
        string Name,
        Section Section,
        DocumentNode? Definition,
        bool UsesVersions,
        Mark Mark);

    private Begun Begin(Section section, MapEntry entry)
    {
        var givenName = section.ReadText("name");
        var id = ServerlessNames.StateMachineId(entry.Key, section.ReadText("id") ?? givenName);
        var machine = new Begun(
            entry.Key,
            id,
            givenName ?? generateName(id),
            section,
            section.Read("definition"),
            section.ReadBoolean("useExactVersion") ?? false,
            entry.KeyMark);
        CheckName(machine);
        CheckType(section);
        _httpEvents.Read(section, machine.Name);
        section.Accept(
            "alarms", "dependsOn", "encryptionConfig", "iamRoleStatements", "inheritGlobalTags", "kmsKeyArns",
            "loggingConfig", "retain", "role", "tags", "tracingConfig");
        section.Refuse("configureTaskTimeouts", "Write TimeoutSeconds in the states.");
        section.Refuse("notifications", "Take it out; status events come later.");
        section.End();
        return machine;
    }

    private StateMachineResource Finish(Begun machine, ReferenceTable references)
    {
        var resolver = new IntrinsicResolver(references, context.Problems, everywhere: true);
        var key = machine.Section.KeyOf("definition");
        var locations = ImmutableDictionary.CreateBuilder<string, Mark>();
        var definition = machine.Definition switch
        {
            MapNode map => IndentedJson.Write(NodeJson.ToJson(
                resolver.Resolve(map, key), context.Problems.Allowance, locations)),
            ScalarNode { Text: not null } text => ((ScalarNode)resolver.Resolve(text, key)).Display,
            var other => MissingDefinition(machine, other),
        };
        return new StateMachineResource
        {
            Key = machine.Key,
            LogicalId = machine.LogicalId,
            Name = machine.Name,
            Definition = definition,
            Mark = machine.Mark,
            Locations = locations.ToImmutable(),
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
        return machines.Select(m => (Id: m.LogicalId, Arn: names.Place.Arn("states", $"stateMachine:{m.Name}"), m.Name))
            .Concat(activities.Select(a =>
                (Id: ServerlessNames.ActivityId(a), Arn: names.Place.Arn("states", $"activity:{a}"), Name: a)))
            .DistinctBy(r => r.Id)
            .Select(r => KeyValuePair.Create(
                r.Id, ResourceReference.Of(r.Arn, ("Arn", r.Arn), ("Name", r.Name))));
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,80}$", RegexOptions.None, 1000)]
    private static partial Regex NamePattern { get; }
}
