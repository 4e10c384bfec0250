namespace Lungfish.DurableFunctions;

/// <summary>Values into the text of checkpoints and back, by whichever serializer is meant.</summary>
internal static class Payloads
{
    public static string? Write<T>(this Invocation invocation, ICheckpointSerializer? serializer, T value, string id)
    {
        if (typeof(T) == typeof(Nothing))
        {
            return null;
        }

        try
        {
            return (serializer ?? invocation.Options.Serializer)
                .Serialize(value, new SerializationContext(id, invocation.ExecutionArn));
        }
        catch (Exception e)
        {
            // A border: a serializer may be the author's own code.
            throw new CheckpointSerializationException(
                $"The {typeof(T)} of operation {invocation.Describe(id)} could not be written: {e.Message}", e);
        }
    }

    /// <summary>
    /// Writes a value and reads it back: what the author goes on with is what a replay will see, not what happens to
    /// be in memory.
    /// </summary>
    public static string? WriteAndReread<T>(
        this Invocation invocation, ICheckpointSerializer? serializer, ref T value, string id)
    {
        var text = invocation.Write(serializer, value, id);
        var isPlain = (typeof(T).IsPrimitive || typeof(T) == typeof(string))
            && (serializer ?? invocation.Options.Serializer) is JsonCheckpointSerializer;
        if (!isPlain) // JSON gives those back as they were.
        {
            value = invocation.Read<T>(serializer, text, id);
        }

        return text;
    }

#nullable disable warnings // No text means the default of T, null where T allows it, which this signature cannot say.
    public static T Read<T>(this Invocation invocation, ICheckpointSerializer? serializer, string? text, string id)
    {
        if (text is null || typeof(T) == typeof(Nothing))
        {
            return default;
        }

        try
        {
            return (serializer ?? invocation.Options.Serializer)
                .Deserialize<T>(text, new SerializationContext(id, invocation.ExecutionArn));
        }
        catch (Exception e)
        {
            var isInput = id == invocation.Operations.Execution?.Id;
            var what = isInput ? "input" : $"result of operation {invocation.Describe(id)}";
            throw new CheckpointSerializationException(
                $"The {what} could not be read as {typeof(T)}: {e.Message}", e);
        }
    }
#nullable restore

    /// <summary>The operation's id, and its name if it has one that is known already.</summary>
    private static string Describe(this Invocation invocation, string id) =>
        invocation.Find(id) is { Name: { } name } ? $"'{id}' ('{name}')" : $"'{id}'";
}
