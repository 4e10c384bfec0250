using System.Collections.Immutable;
using Lungfish.States.Model;

namespace Lungfish.States.Parsing;

/// <summary>Reads what a Map state says for the mode DISTRIBUTED.</summary>
internal static class DistributedMapParser
{
    private const string PathSuffix = "Path";

    /// <summary>Documented: the longest batch is as long as the longest payload.</summary>
    private const long BatchBytesMax = 262_144;

    private const long ItemsMax = 100_000_000;

    private static readonly string[] OwnFields = ["ItemReader", "ItemBatcher", "ResultWriter", "Label"];

    /// <summary>Reports the fields that only this mode has.</summary>
    public static void RefuseFields(FieldReader state)
    {
        foreach (var name in OwnFields.Where(state.Has))
        {
            StateFields.RefuseField(state, name);
        }
    }

    public static DistributedMap? Read(FieldReader state, FieldReader config, StateParser states)
    {
        var type = config.Require("ExecutionType") ? config.Word("ExecutionType", "STANDARD", "EXPRESS") : null;
        var map = new DistributedMap
        {
            ExecutionType = type == "EXPRESS" ? ChildExecutionType.Express : ChildExecutionType.Standard,
            Label = ReadLabel(state, states),
            Reader = ReadReader(state, states),
            Batcher = ReadBatcher(state),
            Writer = ReadWriter(state, states),
        };
        return type is null ? null : map;
    }

    private static string? ReadLabel(FieldReader state, StateParser states)
    {
        if (state.Text("Label") is not { } label || state["Label"] is not { } field)
        {
            return null;
        }

        if (MapLabel.Check(label) is { } problem)
        {
            states.RefuseLabel(field, problem);
        }

        states.CheckUniqueLabel(field, label);
        return label;
    }

    private static ItemReader? ReadReader(FieldReader state, StateParser states)
    {
        if (state.Object("ItemReader") is not { } reader)
        {
            return null;
        }

        StateFields.CheckPart(reader, ["Resource", "ReaderConfig"], ["Parameters"], ["Arguments"]);
        var resource = reader.Require("Resource") ? ReadResource(reader, states.CanReadItems) : null;
        var config = reader.Object("ReaderConfig");
        var parameters = ReadParameters(reader);
        return resource is null ? null : new ItemReader
        {
            Resource = resource,
            Parameters = parameters,
            Config = config is null ? ReaderConfig.Default : ReadConfig(config),
            MaxItems = config is null
                ? null
                : ValueFields.ReadInteger(config, "MaxItems", 0, ItemsMax, pathOfInput: true),
        };
    }

    private static ReaderConfig ReadConfig(FieldReader config)
    {
        StateFields.CheckPart(
            config,
            [
                "InputType", "ManifestType", "CSVHeaderLocation", "CSVHeaders", "CSVDelimiter", "ItemsPointer",
                "Transformation", "MaxItems",
            ],
            ["MaxItemsPath"],
            []);
        var location = config.Word("CSVHeaderLocation", "FIRST_ROW", "GIVEN");
        if (location == "GIVEN")
        {
            _ = config.Require("CSVHeaders");
        }

        var inputType = config.Word("InputType", "CSV", "JSON", "JSONL", "PARQUET", "MANIFEST");
        if (inputType == "PARQUET" && config["InputType"] is { } field)
        {
            config.RefuseForNow(field, "Data in PARQUET cannot be read", "Convert it to JSON Lines or CSV.");
        }

        return new ReaderConfig
        {
            InputType = inputType,
            ManifestType = config.Word("ManifestType", "ATHENA_DATA", "S3_INVENTORY"),
            CsvHeaderLocation = location,
            CsvHeaders = ReadHeaders(config),
            CsvDelimiter = config.Word("CSVDelimiter", "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"),
            ItemsPointer = config.Text("ItemsPointer"),
            Transformation = config.Word("Transformation", "NONE", "LOAD_AND_FLATTEN"),
        };
    }

    private static ImmutableArray<string> ReadHeaders(FieldReader config)
    {
        var headers = ImmutableArray.CreateBuilder<string>();
        foreach (var header in config.Items("CSVHeaders", canBeEmpty: false))
        {
            if (header.Text is { } text)
            {
                headers.Add(text);
            }
            else
            {
                config.RefuseType(header, "String");
            }
        }

        return headers.ToImmutable();
    }

    private static ItemBatcher? ReadBatcher(FieldReader state)
    {
        if (state.Object("ItemBatcher") is not { } batcher)
        {
            return null;
        }

        StateFields.CheckPart(
            batcher,
            ["MaxItemsPerBatch", "MaxInputBytesPerBatch", "BatchInput"],
            ["MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"],
            []);
        string[] limits = ["MaxItemsPerBatch", "MaxInputBytesPerBatch"];
        if (!Array.Exists(limits, limit => batcher.Has(limit) || batcher.Has(limit + PathSuffix)))
        {
            // Documented: at least one of the two. The words are ours.
            batcher.Refuse(
                "One of the fields 'MaxItemsPerBatch' and 'MaxInputBytesPerBatch' is required",
                "Say how large a batch may be.");
        }

        return new ItemBatcher
        {
            MaxItems = ValueFields.ReadInteger(batcher, limits[0], 1, ItemsMax, pathOfInput: true),
            MaxInputBytes = ValueFields.ReadInteger(batcher, limits[1], 1, BatchBytesMax, pathOfInput: true),
            Input = ReadTemplate(batcher, "BatchInput"),
        };
    }

    private static ResultWriter? ReadWriter(FieldReader state, StateParser states)
    {
        if (state.Object("ResultWriter") is not { } writer)
        {
            return null;
        }

        StateFields.CheckPart(writer, ["Resource", "WriterConfig"], ["Parameters"], ["Arguments"]);
        var resource = ReadResource(writer, states.CanWriteResults);
        var config = ReadWriterConfig(writer);
        if (resource is null && !writer.Has("Resource") && config.Transformation == "NONE")
        {
            writer.RefuseForNow(
                writer.Node, "Results with the metadata of their executions cannot be the output of a Map state yet",
                "Use the transformation COMPACT or FLATTEN, or write the results to a bucket.");
        }

        return new ResultWriter
        {
            Resource = resource,
            Parameters = ReadParameters(writer),
            Config = config,
        };
    }

    private static WriterConfig ReadWriterConfig(FieldReader writer)
    {
        if (writer.Object("WriterConfig") is not { } config)
        {
            return WriterConfig.Default;
        }

        StateFields.AllowOnly(config, "Transformation", "OutputType");
        return new WriterConfig
        {
            Transformation = config.Word("Transformation", "NONE", "COMPACT", "FLATTEN"),
            OutputType = config.Word("OutputType", "JSON", "JSONL"),
        };
    }

    private static ServiceIntegration? ReadResource(FieldReader holder, Func<ServiceIntegration, bool> canUse)
    {
        if (holder.Text("Resource") is not { } arn || holder["Resource"] is not { } field)
        {
            return null;
        }

        if (TaskResourceParser.Parse(arn) is ServiceIntegration resource && canUse(resource))
        {
            return resource;
        }

        // The form that is recorded for the resource of a Task.
        holder.Refuse(
            field,
            $"The resource provided {arn} is not recognized. The value is not a valid resource ARN, " +
                "or the resource is not available in this region.",
            "This server has nothing that reads items there, or writes results.");
        return null;
    }

    /// <summary>What a call is given: Parameters in JSONPath, Arguments in JSONata.</summary>
    private static Template? ReadParameters(FieldReader holder) => holder.IsJsonata
        ? ReadTemplate(holder, "Arguments")
        : ReadTemplate(holder, "Parameters");

    private static Template? ReadTemplate(FieldReader holder, string name) => holder.IsJsonata
        ? holder.Jsonata(name, JsonataPlace.BeforeWork) is { } jsonata ? new JsonataField(jsonata) : null
        : holder.Template(name) is { } payload ? new PayloadField(payload) : null;
}
