using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Durable;

/// <summary>The ARN of a durable execution: <c>{qualified function ARN}/durable-execution/{name}/{uuid}</c>.</summary>
/// <param name="Text">The whole of it.</param>
/// <param name="Key">What the execution is stored under.</param>
internal readonly record struct DurableArn(string Text, ExecutionKey Key, ExecutionId Id)
{
    private const string Middle = "/durable-execution/";

    public static DurableArn Of(ExecutionKey key, Guid uuid) =>
        new($"{key.OwnerArn}{Middle}{key.Name}/{uuid}", key, new ExecutionId(key.Slot, uuid));

    /// <summary>For the operations that answer 404 about what is not there.</summary>
    /// <exception cref="ApiException">It is none, or its last part is an id that is never given out.</exception>
    public static DurableArn Parse(string text) =>
        Find(text, out var hasForm)
        ?? throw (hasForm ? DurableErrors.ExecutionNotFound(text) : DurableErrors.InvalidArn(text));

    /// <summary>For the operations of an invocation, whose model knows no 404.</summary>
    /// <exception cref="ApiException">It is none.</exception>
    public static DurableArn ParseOwn(string text) => Find(text, out _) ?? throw DurableErrors.InvalidArn(text);

    private static DurableArn? Find(string text, out bool hasForm)
    {
        var middle = text.IndexOf(Middle, StringComparison.Ordinal);
        var last = text.LastIndexOf('/');
        var nameStart = middle + Middle.Length;
        hasForm = middle > 0 && last > nameStart && FunctionArns.IsFunction(text)
            && IsName(text.AsSpan(nameStart, last - nameStart))
            && IsName(text.AsSpan(last + 1));
        if (hasForm && Guid.TryParseExact(text.AsSpan(last + 1), "D", out var uuid))
        {
            Span<char> spelled = stackalloc char[36];
            _ = uuid.TryFormat(spelled, out _);
            if (!text.AsSpan(last + 1).SequenceEqual(spelled))
            {
                return null; // A UUID in capitals is another text.
            }

            var key = new ExecutionKey(text[..middle], text[nameStart..last]);
            return new DurableArn(text, key, new ExecutionId(key.Slot, uuid));
        }

        return null;
    }

    public static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return name.Length is > 0 and <= 64;
    }
}
