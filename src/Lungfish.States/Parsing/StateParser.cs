using System.Collections.Immutable;
using System.Diagnostics;
using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads states, and the flows that they make up.</summary>
/// <param name="machineLanguage">What states without a language of their own have, nested ones too (measured).</param>
internal sealed class StateParser(
    DiagnosticBag diagnostics, DefinitionOptions options, QueryLanguage machineLanguage)
{
    private const int NameCharsMax = 80;

    private static readonly ImmutableArray<string> Types =
        ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];

    private DefinitionOptions _options = options;

    /// <summary>Names are unique in the whole machine, nested flows included.</summary>
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private readonly HashSet<string> _labels = new(StringComparer.Ordinal);

    public bool CanReadItems(ServiceIntegration resource) =>
        _options.CanReadItems?.Invoke(resource) ?? CanRun(resource);

    public bool CanWriteResults(ServiceIntegration resource) =>
        _options.CanWriteResults?.Invoke(resource) ?? CanRun(resource);

    public void RefuseLabel(DefinitionNode label, string problem) => diagnostics.Error(
        label, DiagnosticCodes.InvalidLabel, problem,
        "A label has at most 40 characters, without white space and special characters.");

    public void CheckUniqueLabel(DefinitionNode node, string label)
    {
        if (!_labels.Add(label))
        {
            diagnostics.Error(
                node, DiagnosticCodes.DuplicateLabel, $"Duplicate Label name: {label}",
                "Rename one: labels are unique in the whole machine.");
        }
    }

    public StateMachineType Type => _options.Type;

    /// <summary>The states of a processor whose executions are of a type of their own.</summary>
    public Flow ReadFlow(FieldReader fields, StateMachineType type)
    {
        var outer = _options;
        _options = outer with { Type = type };
        var flow = ReadFlow(fields);
        _options = outer;
        return flow;
    }

    /// <summary>The states of a machine, a branch or a processor; incomplete if something was reported.</summary>
    public Flow ReadFlow(FieldReader fields)
    {
        _ = fields.Require("States", "StartAt"); // In AWS's order.
        var states = ImmutableDictionary.CreateBuilder<string, State>(StringComparer.Ordinal);
        if (fields.Object("States") is { } container)
        {
            if (container.Node.Children.Count == 0)
            {
                container.Refuse("Value cannot be empty", "Put at least one state into 'States'.");
            }

            RefuseRepeated(container.Node);
            foreach (var member in container.Node.Members)
            {
                CheckName(member);
                if (container.AsObject(member) is { } state && ReadState(member.Name ?? "", state) is { } read)
                {
                    states[read.Name] = read;
                }
            }
        }

        return new Flow { StartAt = fields.Text("StartAt") ?? "", States = states.ToImmutable() };
    }

    public State? ReadState(string name, FieldReader fields)
    {
        var reading = new StateReading(fields.Node, ReadLanguage(fields));
        var state = new FieldReader(fields.Node, diagnostics, reading);
        if (!state.Require("Type") || state.Word("Type", Types) is not { } type)
        {
            return null;
        }

        StateFields.Check(type, state);
        State? read = type switch
        {
            "Pass" => PassParser.Read(name, state, diagnostics),
            "Task" => TaskParser.Read(name, state, _options, diagnostics),
            "Choice" => ChoiceParser.Read(name, state),
            "Wait" => WaitParser.Read(name, state),
            "Succeed" => EndStateParser.ReadSucceed(name, state),
            "Fail" => EndStateParser.ReadFail(name, state),
            "Parallel" => ParallelParser.Read(name, state, this),
            "Map" => MapParser.Read(name, state, this),
            _ => throw new UnreachableException($"No parser for {type}."),
        };
        return read is null ? null : read with
        {
            Comment = state["Comment"]?.Text,
            VariablesRead = [.. reading.VariablesRead],
        };
    }

    private QueryLanguage ReadLanguage(FieldReader state)
    {
        var language = Language(state) ?? machineLanguage;
        if (language == QueryLanguage.JsonPath && machineLanguage == QueryLanguage.Jsonata)
        {
            // Recorded in sfn_api_validation (INVALID_DOWNGRADE_QUERY_LANGUAGE).
            state.Refuse(
                "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
                "Write the state in JSONata, or the machine in JSONPath.");
        }

        return language;
    }

    /// <summary>The language that a machine or a state declares.</summary>
    public static QueryLanguage? Language(FieldReader fields) =>
        fields.Word("QueryLanguage", "JSONPath", "JSONata") switch
        {
            "JSONPath" => QueryLanguage.JsonPath,
            "JSONata" => QueryLanguage.Jsonata,
            _ => null,
        };

    private bool CanRun(ServiceIntegration resource) => _options.CanRun(resource);

    private void CheckName(DefinitionNode state)
    {
        var name = state.Name ?? "";
        if (name.Length > NameCharsMax && name.EnumerateRunes().Count() > NameCharsMax)
        {
            // Reported by users.
            diagnostics.Error(
                state, DiagnosticCodes.InvalidStateName,
                $"Invalid State name: State '{name}' exceeds the {NameCharsMax}-character limit allowed by the service",
                "Shorten the name, here and where states lead to it.");
        }

        if (!_names.Add(name))
        {
            RefuseDuplicate(state);
        }
    }

    /// <summary>Of two states with one name in one object the first would be lost without a word.</summary>
    private void RefuseRepeated(DefinitionNode states)
    {
        foreach (var hidden in states.Children.Where(child => child.Name is { } name && states[name] != child))
        {
            RefuseDuplicate(hidden);
        }
    }

    private void RefuseDuplicate(DefinitionNode state) => diagnostics.Error(
        state, DiagnosticCodes.DuplicateStateName, $"Duplicate State name: {state.Name}",
        "Rename one: names are unique in the whole machine, branches and processors included.");
}
