using System.Collections.Immutable;
using System.Diagnostics;
using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads states, and the flows that they make up.</summary>
internal sealed class StateParser(DiagnosticBag diagnostics, DefinitionOptions options)
{
    private const int NameCharsMax = 80;

    private static readonly ImmutableArray<string> Types =
        ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];

    /// <summary>Names are unique in the whole machine, nested flows included.</summary>
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

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

    private State? ReadState(string name, FieldReader state)
    {
        if (!state.Require("Type") || state.Word("Type", Types) is not { } type)
        {
            return null;
        }

        if (state.Word("QueryLanguage", "JSONPath", "JSONata") == "JSONata" && state["QueryLanguage"] is { } language)
        {
            state.RefuseForNow(
                language, "The query language JSONata is not supported yet", "Write the state in JSONPath.");
            return null;
        }

        StateFields.Check(type, state);
        State? read = type switch
        {
            "Pass" => PassParser.Read(name, state, diagnostics),
            "Task" => TaskParser.Read(name, state, options, diagnostics),
            "Choice" => ChoiceParser.Read(name, state),
            "Wait" => WaitParser.Read(name, state),
            "Succeed" => EndStateParser.ReadSucceed(name, state),
            "Fail" => EndStateParser.ReadFail(name, state),
            "Parallel" => ParallelParser.Read(name, state, this),
            "Map" => MapParser.Read(name, state, this),
            _ => throw new UnreachableException($"No parser for {type}."),
        };
        return read is null ? null : read with { Comment = state["Comment"]?.Text };
    }

    private void CheckName(DefinitionNode state)
    {
        var name = state.Name ?? "";
        if (name.Length > NameCharsMax && name.EnumerateRunes().Count() > NameCharsMax)
        {
            diagnostics.Error(
                state, DiagnosticCodes.Schema, $"The name of a state cannot be longer than {NameCharsMax} characters",
                "Shorten the name, here and where states lead to it.");
        }

        if (!_names.Add(name))
        {
            diagnostics.Error(
                state, DiagnosticCodes.DuplicateStateName, $"Duplicate State name: {name}",
                "Rename one: names are unique in the whole machine, branches and processors included.");
        }
    }
}
