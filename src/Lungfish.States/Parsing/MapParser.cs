using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.States.Parsing;

/// <summary>Reads a Map state.</summary>
internal static class MapParser
{
    public static MapState? Read(string name, FieldReader state, StateParser states)
    {
        _ = state.RequireOneOf("ItemProcessor", "Iterator");
        _ = state.AllowOneOf("ItemSelector", "Parameters");
        var processor = ReadProcessor(state, states);
        var distributed = ReadMode(state, states);
        var data = CommonFields.ReadDataFlow(state, JsonataPlace.AfterWork);
        var selector = ReadItemSelector(state, ref data);
        var items = ReadItems(state);
        var concurrency = ValueFields.ReadInteger(state, "MaxConcurrency", 0, int.MaxValue, pathOfInput: true);
        var count = ValueFields.ReadInteger(state, "ToleratedFailureCount", 0, int.MaxValue, pathOfInput: true);
        var percentage = ValueFields.ReadNumber(state, "ToleratedFailurePercentage", 0, 100);
        var next = CommonFields.ReadNext(state);
        var (retry, catchers) = (ErrorHandlingParser.ReadRetry(state), ErrorHandlingParser.ReadCatch(state));
        return processor is null ? null : new MapState
        {
            Name = name,
            ItemProcessor = processor,
            Data = data,
            Items = items,
            ItemSelector = selector,
            MaxConcurrency = concurrency ?? new Literal<long>(0),
            ToleratedFailureCount = count,
            ToleratedFailurePercentage = percentage,
            Distributed = distributed,
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
        return states.ReadFlow(processor, TypeOf(processor, states));
    }

    /// <summary>The type of the executions that the items run in: children of their own only if distributed.</summary>
    private static StateMachineType TypeOf(FieldReader processor, StateParser states)
    {
        var config = processor["ProcessorConfig"];
        return config?["Mode"]?.Text != "DISTRIBUTED" ? states.Type
            : config["ExecutionType"]?.Text == "EXPRESS" ? StateMachineType.Express
            : StateMachineType.Standard;
    }

    /// <returns>Null in the mode INLINE.</returns>
    private static DistributedMap? ReadMode(FieldReader state, StateParser states)
    {
        var processor = state.Has("ItemProcessor") ? state["ItemProcessor"] : state["Iterator"];
        if (processor?["ProcessorConfig"] is { } field && state.AsObject(field) is { } config)
        {
            StateFields.AllowOnly(config, "Mode", "ExecutionType");
            if (config.Word("Mode", "INLINE", "DISTRIBUTED") == "DISTRIBUTED" && config["Mode"] is { } mode)
            {
                if (states.Type == StateMachineType.Express)
                {
                    // Measured.
                    config.Refuse(
                        mode,
                        "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines",
                        "Make the state machine STANDARD, or the mode INLINE.");
                }

                return DistributedMapParser.Read(state, config, states);
            }

            if (config["ExecutionType"] is { } type)
            {
                config.Refuse(
                    type, "Field 'ExecutionType' is not supported", "Only DISTRIBUTED maps have one; remove it.");
            }
        }

        DistributedMapParser.RefuseFields(state);
        return null;
    }

    /// <summary>A Map's Parameters are what its ItemSelector was once called.</summary>
    private static Template? ReadItemSelector(FieldReader state, ref DataFlow data)
    {
        if (data is JsonPathFlow { Parameters: { } parameters } flow)
        {
            data = flow with { Parameters = null };
            return new PayloadField(parameters);
        }

        return state.IsJsonata
            ? state.Jsonata("ItemSelector", JsonataPlace.BeforeWork) is { } jsonata ? new JsonataField(jsonata) : null
            : state.Template("ItemSelector") is { } payload ? new PayloadField(payload) : null;
    }

    private static MapItems ReadItems(FieldReader state)
    {
        if (!state.IsJsonata)
        {
            return state.Path("ItemsPath", isReference: true) is { } path ? new ItemsAtPath(path) : ItemsAtPath.Input;
        }

        if (state["Items"] is { Kind: not (JsonKind.Array or JsonKind.Object) } items &&
            !JsonataReader.IsExpression(items))
        {
            state.RefuseType(items, "Array");
        }

        return new ComputedItems(state.Jsonata("Items", JsonataPlace.BeforeWork));
    }
}
