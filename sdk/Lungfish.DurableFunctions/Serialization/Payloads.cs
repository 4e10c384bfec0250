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
                $"The {typeof(T)} of operation '{id}' could not be written: {e.Message}", e);
        }
    }

    /// <summary>The value as a replay will see it: what a serializer of the author's own changes is changed from the
    /// first run on.</summary>
    public static T AsReplayed<T>(
        this Invocation invocation, ICheckpointSerializer? serializer, T value, string? text, string id) =>
        (serializer ?? invocation.Options.Serializer) is ISdkSerializer
            ? value
            : invocation.Read<T>(serializer, text, id);

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
            throw new CheckpointSerializationException(
                $"The {typeof(T)} of operation '{id}' could not be read: {e.Message}", e);
        }
    }
#nullable restore
}

/// <summary>A serializer that gives back what it was given, so that values need not be read back at once.</summary>
internal interface ISdkSerializer;
