using System.Diagnostics.CodeAnalysis;
using Lungfish.Functions;
using Lungfish.Json;

namespace Lungfish.Integrations.Lambda;

/// <summary>What <c>lambda:invoke</c> is called with. Members that it does not know are dropped, as recorded.</summary>
internal sealed record LambdaInvokeParameters
{
    public required string FunctionName { get; init; }

    public string? Qualifier { get; init; }

    /// <summary>Empty if there is none; null counts as none.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    public InvocationType InvocationType { get; init; }

    public bool TailLog { get; init; }

    /// <summary>Base64, as it was given.</summary>
    public string? ClientContext { get; init; }

    public static bool TryRead(
        JsonValue input,
        [NotNullWhen(true)] out LambdaInvokeParameters? parameters,
        [NotNullWhen(false)] out string? problem)
    {
        parameters = null;
        var given = input as JsonObject ?? JsonObject.Empty;
        problem = FirstProblem(given);
        if (problem is not null)
        {
            problem = $"The Parameters '{input.ToText()}' could not be used to start the Task: [{problem}]";
            return false;
        }

        parameters = new()
        {
            FunctionName = TextOf(given, "FunctionName") ?? "",
            Qualifier = TextOf(given, "Qualifier"),
            Payload = PayloadOf(given["Payload"]),
            InvocationType = Enum.Parse<InvocationType>(
                TextOf(given, "InvocationType") ?? nameof(InvocationType.RequestResponse)),
            TailLog = TextOf(given, "LogType") == "Tail",
            ClientContext = TextOf(given, "ClientContext"),
        };
        return true;
    }

    /// <summary>The client context as JSON text.</summary>
    /// <exception cref="Lungfish.Engine.ApiException">It is not base64 of a JSON object.</exception>
    public string? ReadClientContext() => ClientContext is null ? null : Functions.ClientContext.Decode(ClientContext);

    private static ReadOnlyMemory<byte> PayloadOf(JsonValue? payload)
    {
        if (payload is null or JsonNull)
        {
            return default; // Recorded in test_invoke_unsupported_param: the function sees an empty object.
        }

        // Recorded in test_invoke_json_values: a text that is JSON goes to the function as that JSON.
        var utf8 = payload is JsonString text ? System.Text.Encoding.UTF8.GetBytes(text.Value) : payload.ToUtf8();
        return payload is JsonString && !IsJson(utf8) ? payload.ToUtf8() : utf8;
    }

    private static bool IsJson(byte[] utf8)
    {
        try
        {
            _ = JsonValue.Parse(utf8);
            return true;
        }
        catch (JsonParseException)
        {
            return false;
        }
    }

    private static string? FirstProblem(JsonObject given)
    {
        if (given["FunctionName"] is null)
        {
            return "The field 'FunctionName' is required but was missing";
        }

        foreach (var name in (string[])["FunctionName", "Qualifier", "InvocationType", "LogType", "ClientContext"])
        {
            if (given[name] is { Kind: not (JsonKind.String or JsonKind.Null) })
            {
                return $"The value of the field '{name}' has an invalid format";
            }
        }

        if (TextOf(given, "InvocationType") is { } type && !Enum.GetNames<InvocationType>().Contains(type))
        {
            return "The value of the field 'InvocationType' has an invalid format";
        }

        return TextOf(given, "LogType") is null or "None" or "Tail"
            ? null
            : "The value of the field 'LogType' has an invalid format";
    }

    private static string? TextOf(JsonObject given, string name) => (given[name] as JsonString)?.Value;
}
