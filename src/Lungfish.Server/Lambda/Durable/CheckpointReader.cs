using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Lungfish.Durable;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Functions;
using Lungfish.Functions.Durable;

namespace Lungfish.Server.Lambda.Durable;

/// <param name="ExecutionArn">Null if the path names it.</param>
internal readonly record struct CheckpointRequest(
    string? ExecutionArn, string Token, string? ClientToken, ImmutableArray<OperationUpdate> Updates);

/// <summary>Reads the body of a checkpoint in one pass, without a tree of it in between.</summary>
internal static class CheckpointReader
{
    private const int TokenLengthMax = 2048;
    private const int ClientTokenLengthMax = 64;

    /// <exception cref="ApiException">It is not JSON, or breaks a constraint of the model.</exception>
    public static CheckpointRequest Read(ReadOnlySequence<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            _ = reader.Read();
            var request = Read(ref reader);
            _ = reader.Read(); // Nothing may follow.
            return request;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape of half a surrogate pair, which is no text.
            throw NoJson(e);
        }
    }

    /// <summary>One that names its execution itself.</summary>
    /// <exception cref="ApiException">It is not JSON, or breaks a constraint of the model.</exception>
    public static CheckpointCall ReadWithArn(ReadOnlySequence<byte> body)
    {
        var request = Read(body);
        return request.ExecutionArn is { } arn && DurableExecutionArn.IsOne(arn)
            ? new(arn, request.Token, request.ClientToken, request.Updates)
            : throw DurableCall.NoArn(request.ExecutionArn);
    }

    private static ApiException NoJson(Exception e) =>
        LambdaErrors.InvalidParameter($"Could not parse request body into json: {e.Message}");

    /// <summary>Ends at the end of the object that begins here.</summary>
    private static CheckpointRequest Read(ref Utf8JsonReader reader)
    {
        string? executionArn = null;
        string? token = null;
        string? clientToken = null;
        ImmutableArray<OperationUpdate> updates = [];
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("the body must be an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("Updates"u8))
            {
                updates = ReadUpdates(ref reader);
            }
            else if (reader.ValueTextEquals("CheckpointToken"u8))
            {
                token = ErrorReader.ReadText(ref reader, "CheckpointToken");
            }
            else if (reader.ValueTextEquals("ClientToken"u8))
            {
                clientToken = ErrorReader.ReadText(ref reader, "ClientToken");
            }
            else if (reader.ValueTextEquals("DurableExecutionArn"u8))
            {
                executionArn = ErrorReader.ReadText(ref reader, "DurableExecutionArn");
            }
            else
            {
                reader.Skip();
            }
        }

        UpdateRules.CheckLength(clientToken, "clientToken", ClientTokenLengthMax);
        if (clientToken is not null && clientToken.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw DurableCall.Violation(
                clientToken, "clientToken", @"Member must satisfy regular expression pattern: [\x21-\x7E]+");
        }

        UpdateRules.CheckLength(token, "checkpointToken", TokenLengthMax);
        return new(
            executionArn,
            token ?? throw DurableCall.Violation(null, "checkpointToken", "Member must not be null"),
            clientToken,
            updates);
    }

    private static ImmutableArray<OperationUpdate> ReadUpdates(ref Utf8JsonReader reader)
    {
        _ = reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return [];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("Updates must be an array");
        }

        var updates = ImmutableArray.CreateBuilder<OperationUpdate>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            updates.Add(UpdateReader.Read(ref reader, updates.Count + 1));
        }

        return updates.ToImmutable();
    }
}
