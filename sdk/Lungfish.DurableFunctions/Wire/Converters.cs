using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lungfish.DurableFunctions;

// For handlers that leave the envelope to a serializer of their own, and for errors inside results.

internal sealed class InvocationInputConverter : JsonConverter<DurableExecutionInvocationInput>
{
    public override DurableExecutionInvocationInput Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EnvelopeJson.ReadInput(ref reader);

    public override void Write(
        Utf8JsonWriter writer, DurableExecutionInvocationInput value, JsonSerializerOptions options) =>
        throw new NotSupportedException("The envelope is written by the service.");
}

internal sealed class InvocationOutputConverter : JsonConverter<DurableExecutionInvocationOutput>
{
    public override DurableExecutionInvocationOutput Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The answer is read by the service.");

    public override void Write(
        Utf8JsonWriter writer, DurableExecutionInvocationOutput value, JsonSerializerOptions options) =>
        EnvelopeJson.WriteOutput(writer, value);
}

internal sealed class ErrorObjectConverter : JsonConverter<ErrorObject>
{
    public override ErrorObject? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        OperationJson.ReadError(ref reader);

    public override void Write(Utf8JsonWriter writer, ErrorObject value, JsonSerializerOptions options) =>
        EnvelopeJson.WriteError(writer, value);
}
