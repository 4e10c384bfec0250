using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;
using Lungfish.States.Model;

namespace Lungfish.Server.StepFunctions;

/// <summary>The members that every description of a state machine shares.</summary>
internal static class StateMachineMembers
{
    public static readonly TextRule DefinitionRule =
        new() { LengthMin = 1, LengthMax = 1_048_576, IsSensitive = true };

    public static readonly TextRule TypeRule = TextRule.OneOf("STANDARD", "EXPRESS");

    /// <summary>Documented: STANDARD if it is not given.</summary>
    public static StateMachineType TypeOf(string? type) =>
        type == "EXPRESS" ? StateMachineType.Express : StateMachineType.Standard;

    public static void Write(Utf8JsonWriter writer, StateMachineDescription machine, IncludedData included)
    {
        writer.WriteString("stateMachineArn"u8, machine.Arn);
        writer.WriteString("name"u8, machine.Name);

        // Documented: without the data, the definition is answered as {}.
        writer.WriteString("definition"u8, included.WithPayloads ? machine.Definition : "{}");
        writer.WriteString("roleArn"u8, machine.RoleArn);

        // Recorded in sfn_api: these are the defaults.
        WriteJson(
            writer,
            "loggingConfiguration"u8,
            machine.LoggingConfiguration ?? """{"level":"OFF","includeExecutionData":false}""");
        WriteJson(writer, "tracingConfiguration"u8, machine.TracingConfiguration ?? """{"enabled":false}""");
        Encryption.WriteOwnedKey(writer);
        writer.WriteText("revisionId"u8, machine.RevisionId);
        WriteVariableReferences(writer, machine);
    }

    /// <summary>Recorded in sfn_api_variable_references: not there for a machine that reads no variable.</summary>
    private static void WriteVariableReferences(Utf8JsonWriter writer, StateMachineDescription machine)
    {
        if (machine.VariableReferences.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("variableReferences"u8);
        foreach (var (state, variables) in machine.VariableReferences)
        {
            writer.WriteStartArray(state);
            foreach (var variable in variables)
            {
                writer.WriteStringValue(variable);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json);
    }
}
