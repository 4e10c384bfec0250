using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lungfish.States.JsonPath;
using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads states, and the flows that they make up.</summary>
internal sealed class StateParser(DiagnosticBag diagnostics, DefinitionOptions options)
{
    private const int NameCharsMax = 80;
    private const long SecondsMax = 99_999_999;

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

    public static PathField ReadResultPath(FieldReader fields)
    {
        var result = fields.PathOrNull("ResultPath", isReference: true);
        if (result.Path is { ReadsContext: true } && fields["ResultPath"] is { } field)
        {
            fields.Refuse(
                field, "Value must be a valid Reference Path.", "The context object is read-only: begin with '$.'.");
        }

        return result;
    }

    public static void RefuseTimestamp(FieldReader fields, DefinitionNode field) => fields.Refuse(
        field, "String does not match RFC3339 timestamp", "Write a time such as 2026-01-31T10:00:00Z.");

    private void CheckName(DefinitionNode state)
    {
        var name = state.Name ?? "";
        if (new StringInfo(name).LengthInTextElements > NameCharsMax && name.Length > NameCharsMax)
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
            "Pass" => ReadPass(name, state),
            "Task" => ReadTask(name, state),
            "Choice" => ReadChoice(name, state),
            "Wait" => ReadWait(name, state),
            "Succeed" => new SucceedState
            {
                Name = name,
                InputPath = state.PathOrNull("InputPath"),
                OutputPath = state.PathOrNull("OutputPath"),
            },
            "Fail" => ReadFail(name, state),
            "Parallel" => ReadParallel(name, state),
            "Map" => ReadMap(name, state),
            _ => throw new UnreachableException($"No parser for {type}."),
        };
        return read is null ? null : read with { Comment = state["Comment"]?.Text };
    }

    private static PassState ReadPass(string name, FieldReader state) => new()
    {
        Name = name,
        Data = ReadDataFlow(state, state.Template("Parameters")),
        Result = state["Result"]?.ToJson(),
        Next = ReadNext(state),
    };

    private TaskState? ReadTask(string name, FieldReader state)
    {
        _ = state.Require("Resource");
        var resource = ReadResource(state);
        var timeout = ReadSeconds(state, "TimeoutSeconds", min: 1);
        var heartbeat = ReadSeconds(state, "HeartbeatSeconds", min: 1);
        if (timeout is LiteralSeconds limit && heartbeat is LiteralSeconds beat && beat.Seconds >= limit.Seconds &&
            state["HeartbeatSeconds"] is { } field)
        {
            state.Refuse(
                field, "HeartbeatSeconds must be smaller than TimeoutSeconds",
                $"Write less than {limit.Seconds}, or raise 'TimeoutSeconds'.");
        }

        var data = ReadDataFlow(state, state.Template("Parameters"));
        var next = ReadNext(state);
        var (retry, catchers) = (ErrorHandlingParser.ReadRetry(state), ErrorHandlingParser.ReadCatch(state));
        return resource is null ? null : new TaskState
        {
            Name = name,
            Resource = resource,
            Data = data,
            Retry = retry,
            Catch = catchers,
            Timeout = timeout,
            Heartbeat = heartbeat,
            Next = next,
        };
    }

    private TaskResource? ReadResource(FieldReader state)
    {
        if (state.Text("Resource") is not { } arn || state["Resource"] is not { } field)
        {
            return null;
        }

        var resource = TaskResourceParser.Parse(arn);
        if (resource is not null && options.CanRun(resource))
        {
            return resource;
        }

        // Recorded in services_dynamodb (dynamodb:query).
        state.Refuse(
            field,
            $"The resource provided {arn} is not recognized. The value is not a valid resource ARN, " +
                "or the resource is not available in this region.",
            resource switch
            {
                ServiceIntegration integration =>
                    $"No integration for {integration.Service}:{integration.ActionWithPattern} is installed.",
                null => "Write the ARN of a function or an activity, or arn:aws:states:::SERVICE:ACTION.",
                _ => "No handler for this kind of resource is installed.",
            });
        return null;
    }

    private static ChoiceState ReadChoice(string name, FieldReader state)
    {
        _ = state.Require("Choices");
        return new ChoiceState
        {
            Name = name,
            InputPath = state.PathOrNull("InputPath"),
            OutputPath = state.PathOrNull("OutputPath"),
            Choices = ChoiceParser.ReadRules(state),
            Default = state.Text("Default"),
        };
    }

    private static WaitState? ReadWait(string name, FieldReader state)
    {
        var (input, output, next) = (state.PathOrNull("InputPath"), state.PathOrNull("OutputPath"), ReadNext(state));
        return ReadWaitUntil(state) is not { } until ? null : new WaitState
        {
            Name = name,
            InputPath = input,
            OutputPath = output,
            Until = until,
            Next = next,
        };
    }

    private static WaitUntil? ReadWaitUntil(FieldReader state)
    {
        string[] given = [.. ((string[])["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]).Where(state.Has)];
        if (given.Length != 1)
        {
            state.Refuse(
                "Exactly one of the fields 'Seconds', 'SecondsPath', 'Timestamp' and 'TimestampPath' is required",
                given.Length == 0 ? "Add one of them." : "Keep one of them.");
            return null;
        }

        switch (given[0])
        {
            case "Seconds":
                return state.Integer("Seconds", 0, SecondsMax) is { } seconds
                    ? new WaitSeconds(new LiteralSeconds(seconds))
                    : null;
            case "SecondsPath":
                return state.Path("SecondsPath", isReference: true) is { } secondsPath
                    ? new WaitSeconds(new SecondsAtPath(secondsPath))
                    : null;
            case "TimestampPath":
                return state.Path("TimestampPath", isReference: true) is { } path ? new WaitTimestampPath(path) : null;
        }

        if (state.Text("Timestamp") is not { } text || state["Timestamp"] is not { } field)
        {
            return null;
        }

        if (Rfc3339.TryParse(text, out var time))
        {
            return new WaitTimestamp(time);
        }

        RefuseTimestamp(state, field);
        return null;
    }

    private static FailState ReadFail(string name, FieldReader state) => new()
    {
        Name = name,
        Error = ReadTextField(state, "Error"),
        Cause = ReadTextField(state, "Cause"),
    };

    private static TextField? ReadTextField(FieldReader state, string name)
    {
        if (!state.AllowOneOf(name, name + "Path"))
        {
            return null;
        }

        return state.Text(name) is { } literal
            ? new TextField(literal, null)
            : state.Path(name + "Path", isReference: false) is { } path ? new TextField(null, path) : null;
    }

    private ParallelState ReadParallel(string name, FieldReader state)
    {
        _ = state.Require("Branches");
        var branches = ImmutableArray.CreateBuilder<Flow>();
        foreach (var item in state.Items("Branches", canBeEmpty: false))
        {
            if (state.AsObject(item) is { } branch)
            {
                StateFields.AllowOnly(branch, "StartAt", "States", "Comment");
                branches.Add(ReadFlow(branch));
            }
        }

        return new ParallelState
        {
            Name = name,
            Branches = branches.ToImmutable(),
            Data = ReadDataFlow(state, state.Template("Parameters")),
            Retry = ErrorHandlingParser.ReadRetry(state),
            Catch = ErrorHandlingParser.ReadCatch(state),
            Next = ReadNext(state),
        };
    }

    private MapState? ReadMap(string name, FieldReader state)
    {
        _ = state.AllowOneOf("ItemProcessor", "Iterator") && (state.Has("Iterator") || state.Require("ItemProcessor"));
        _ = state.AllowOneOf("ItemSelector", "Parameters");
        var processor = ReadProcessor(state);
        var data = ReadDataFlow(state, state.Template("ItemSelector") ?? state.Template("Parameters"));
        var items = state.Path("ItemsPath", isReference: true) ?? PathExpression.Whole;
        var concurrency = ReadConcurrency(state);
        var next = ReadNext(state);
        var (retry, catchers) = (ErrorHandlingParser.ReadRetry(state), ErrorHandlingParser.ReadCatch(state));
        return processor is null ? null : new MapState
        {
            Name = name,
            ItemProcessor = processor,
            Data = data,
            ItemsPath = items,
            MaxConcurrency = concurrency,
            Retry = retry,
            Catch = catchers,
            Next = next,
        };
    }

    private Flow? ReadProcessor(FieldReader state)
    {
        if ((state.Object("ItemProcessor") ?? state.Object("Iterator")) is not { } processor)
        {
            return null;
        }

        StateFields.AllowOnly(processor, "ProcessorConfig", "StartAt", "States", "Comment");
        if (processor.Object("ProcessorConfig") is { } config)
        {
            StateFields.AllowOnly(config, "Mode", "ExecutionType");
            if (config.Word("Mode", "INLINE", "DISTRIBUTED") == "DISTRIBUTED" && config["Mode"] is { } mode)
            {
                config.RefuseForNow(
                    mode, "Map states in DISTRIBUTED mode are not supported yet", "Use the mode INLINE.");
            }
            else if (config["ExecutionType"] is { } type)
            {
                config.Refuse(
                    type, "Field 'ExecutionType' is not supported", "Only DISTRIBUTED maps have one; remove it.");
            }
        }

        return ReadFlow(processor);
    }

    private static ConcurrencyField ReadConcurrency(FieldReader state)
    {
        if (!state.AllowOneOf("MaxConcurrency", "MaxConcurrencyPath"))
        {
            return new ConcurrencyField(0, null);
        }

        return state.Path("MaxConcurrencyPath", isReference: true) is { } path
            ? new ConcurrencyField(0, path)
            : new ConcurrencyField((int)(state.Integer("MaxConcurrency", 0, int.MaxValue) ?? 0), null);
    }

    private static DataFlow ReadDataFlow(FieldReader state, PayloadTemplate? parameters) => new()
    {
        InputPath = state.PathOrNull("InputPath"),
        Parameters = parameters,
        ResultSelector = state.Template("ResultSelector"),
        ResultPath = ReadResultPath(state),
        OutputPath = state.PathOrNull("OutputPath"),
    };

    private static SecondsField? ReadSeconds(FieldReader state, string name, long min)
    {
        if (!state.AllowOneOf(name, name + "Path"))
        {
            return null;
        }

        return state.Integer(name, min, SecondsMax) is { } seconds
            ? new LiteralSeconds(seconds)
            : state.Path(name + "Path", isReference: true) is { } path ? new SecondsAtPath(path) : null;
    }

    /// <summary>The next state, or null where <c>"End": true</c> stands.</summary>
    private static string? ReadNext(FieldReader state)
    {
        var (next, end) = (state.Text("Next"), state.Boolean("End"));
        if (next is not null && end == true)
        {
            state.Refuse("Only one of the fields 'Next' and 'End' is allowed", "Remove 'Next' or 'End'.");
        }
        else if (!state.Has("Next") && end != true)
        {
            state.Refuse(
                "One of the fields 'Next' and 'End' is required",
                "Add '\"Next\": \"...\"', or '\"End\": true' if nothing follows.");
        }

        return next;
    }
}
