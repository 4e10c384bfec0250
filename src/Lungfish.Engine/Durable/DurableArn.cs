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

    /// <exception cref="ApiException">It is none.</exception>
    public static DurableArn Parse(string text)
    {
        var middle = text.IndexOf(Middle, StringComparison.Ordinal);
        var last = text.LastIndexOf('/');
        var nameStart = middle + Middle.Length;
        if (middle > 0 && last > nameStart && FunctionArns.IsFunction(text)
            && IsName(text.AsSpan(nameStart, last - nameStart))
            && Guid.TryParseExact(text.AsSpan(last + 1), "D", out var uuid))
        {
            var arn = Of(new ExecutionKey(text[..middle], text[nameStart..last]), uuid);
            if (arn.Text == text) // A UUID in capitals is another text.
            {
                return arn;
            }
        }

        throw DurableErrors.InvalidArn(text);
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
