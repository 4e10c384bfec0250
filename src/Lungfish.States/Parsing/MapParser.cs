using Lungfish.States.JsonPath;
using Lungfish.States.Model;

namespace Lungfish.States.Parsing;

/// <summary>Reads a Map state; the mode INLINE only.</summary>
internal static class MapParser
{
    public static MapState? Read(string name, FieldReader state, StateParser states)
    {
        _ = state.AllowOneOf("ItemProcessor", "Iterator") && (state.Has("Iterator") || state.Require("ItemProcessor"));
        _ = state.AllowOneOf("ItemSelector", "Parameters");
        var processor = ReadProcessor(state, states);
        var data = CommonFields.ReadDataFlow(state, state.Template("ItemSelector") ?? state.Template("Parameters"));
        var items = state.Path("ItemsPath", isReference: true) ?? PathExpression.Whole;
        var concurrency = ReadConcurrency(state);
        var next = CommonFields.ReadNext(state);
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

    private static Flow? ReadProcessor(FieldReader state, StateParser states)
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

        return states.ReadFlow(processor);
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
}
