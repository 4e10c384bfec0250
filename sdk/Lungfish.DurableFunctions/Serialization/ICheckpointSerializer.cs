namespace Lungfish.DurableFunctions;

/// <summary>Turns values into the text that a checkpoint keeps, and back. What it writes is stored untouched.</summary>
/// <remarks>Must be safe to use from several threads. What one version wrote, the next one must read.</remarks>
public interface ICheckpointSerializer
{
    /// <summary>Writes <paramref name="value"/>.</summary>
    /// <typeparam name="T">The declared type of the value.</typeparam>
    /// <param name="value">May be null.</param>
    /// <param name="context">Where the value belongs.</param>
    /// <returns>Any text, not only JSON.</returns>
    string Serialize<T>(T value, SerializationContext context);

    /// <summary>Reads what <see cref="Serialize"/> wrote, or what an outside system sent.</summary>
    /// <typeparam name="T">The declared type of the value.</typeparam>
    /// <param name="data">The text.</param>
    /// <param name="context">Where the value belongs.</param>
    T Deserialize<T>(string data, SerializationContext context);
}

/// <summary>Where a value belongs; the same on every replay, so it can name a place outside the checkpoint.</summary>
/// <param name="OperationId">The operation; for input and result of the function, the execution's own id.</param>
/// <param name="DurableExecutionArn">The execution.</param>
public readonly record struct SerializationContext(string OperationId, string DurableExecutionArn);

/// <summary>Makes serializers from functions.</summary>
public static class CheckpointSerializer
{
    /// <summary>A serializer for values of one type; asked for another type it throws.</summary>
    /// <typeparam name="TValue">That type.</typeparam>
    /// <param name="serialize">Writes a value.</param>
    /// <param name="deserialize">Reads it back.</param>
    public static ICheckpointSerializer FromDelegates<TValue>(
        Func<TValue, string> serialize, Func<string, TValue> deserialize)
    {
        ArgumentNullException.ThrowIfNull(serialize);
        ArgumentNullException.ThrowIfNull(deserialize);
        return new Delegates<TValue>(serialize, deserialize);
    }

    private sealed class Delegates<TValue>(Func<TValue, string> serialize, Func<string, TValue> deserialize)
        : ICheckpointSerializer
    {
        public string Serialize<T>(T value, SerializationContext context) => value switch
        {
            TValue mine => serialize(mine),
            null when typeof(TValue).IsAssignableFrom(typeof(T)) && serialize is Func<T, string> same => same(value),
            _ => throw Unfit(typeof(T)),
        };

        public T Deserialize<T>(string data, SerializationContext context) => deserialize(data) switch
        {
            T mine => mine,
            null when default(T) is null && deserialize is Func<string, T> same => same(data),
            _ => throw Unfit(typeof(T)),
        };

        private static InvalidOperationException Unfit(Type asked) =>
            new($"This serializer is for {typeof(TValue)}, not for {asked}.");
    }
}
