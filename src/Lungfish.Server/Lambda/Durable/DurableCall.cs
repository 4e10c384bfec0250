using System.Buffers;
using System.Globalization;
using Lungfish.Engine;
using Lungfish.Functions;
using Lungfish.Functions.Durable;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.Lambda.Durable;

/// <summary>One request about durable executions, with its parts read under the constraints of the API's
/// model.</summary>
/// <param name="http">The request.</param>
/// <param name="name">What its path names.</param>
internal sealed class DurableCall(HttpContext http, string name)
{
    private const int ItemsDefault = 100; // Documented, as the most: both for states, histories and lists.
    private const int ItemsMax = 1000;

    /// <summary>The function or callback that the path names.</summary>
    public string Name => name;

    /// <summary>The execution that the path names.</summary>
    public string ReadArn() => DurableExecutionArn.IsOne(name)
        ? name
        : throw NoArn(name);

    public string? FindQuery(string member) =>
        http.Request.Query.TryGetValue(member, out var values) && values is [{ Length: > 0 } value, ..] ? value : null;

    public IEnumerable<string> FindQueries(string member) => http.Request.Query[member].OfType<string>();

    public bool? FindBoolean(string member) => FindQuery(member) switch
    {
        null => null,
        "true" or "True" => true,
        "false" or "False" => false,
        var other => throw Violation(other, Camel(member), "Member must be true or false"),
    };

    public int ReadMaxItems()
    {
        if (FindQuery("MaxItems") is not { } text)
        {
            return ItemsDefault;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
        {
            throw Violation(text, "maxItems", "Member must be an integer");
        }

        return count switch
        {
            0 => ItemsDefault,
            < 0 => throw Violation(text, "maxItems", "Member must have value greater than or equal to 0"),
            > ItemsMax => throw Violation(text, "maxItems", $"Member must have value less than or equal to {ItemsMax}"),
            _ => count,
        };
    }

    /// <summary>An instant as queries have it: ISO 8601.</summary>
    public DateTimeOffset? FindTime(string member)
    {
        if (FindQuery(member) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces,
            out var at)
                ? at
                : throw Violation(text, Camel(member), "Member must be a timestamp in ISO 8601 format");
    }

    /// <summary>The whole body, parsed where it lies; never more than is allowed.</summary>
    public async ValueTask<T> ReadBodyAsync<T>(
        int bytesMax, Func<ReadOnlySequence<byte>, T> parse, CancellationToken cancellationToken)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var body = read.Buffer;
            if (body.Length > bytesMax)
            {
                reader.AdvanceTo(body.End); // Kestrel reads on to the end of the request.
                throw LambdaErrors.RequestTooLarge(bytesMax, "DurableExecution");
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(body.Start, body.End);
                continue;
            }

            try
            {
                return parse(body);
            }
            finally
            {
                reader.AdvanceTo(body.End);
            }
        }
    }

    /// <summary>A value that breaks a constraint of the API's model.</summary>
    public static ApiException Violation(string? value, string member, string constraint) =>
        LambdaErrors.InvalidParameter(
            $"1 validation error detected: Value {(value is null ? "null" : $"'{value}'")} at '{member}' failed to "
            + $"satisfy constraint: {constraint}");

    public static ApiException NoArn(string? value) => Violation(
        value,
        "durableExecutionArn",
        $"Member must satisfy regular expression pattern: {DurableExecutionArn.Pattern}");

    private static string Camel(string member) => char.ToLowerInvariant(member[0]) + member[1..];
}
