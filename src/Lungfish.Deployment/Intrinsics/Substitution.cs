using System.Text;
using System.Text.RegularExpressions;
using Lungfish.Deployment.Documents;
using Lungfish.Json;

namespace Lungfish.Deployment.Intrinsics;

/// <summary>Names inside text, and what they stand for.</summary>
/// <param name="replacesHashes"><c>#{…}</c> is a name too, as serverless-pseudo-parameters has it; else it is
/// text.</param>
internal sealed partial class Substitution(IReferences references, Problems problems, bool replacesHashes)
{
    public JsonValue Ref(string name, Mark mark, string key) =>
        references.FindRef(name) ?? Unknown($"nothing here is named {name}", mark, key);

    public JsonValue GetAtt(string name, string attribute, Mark mark, string key) =>
        references.FindAttribute(name, attribute)
        ?? Unknown(
            references.FindRef(name) is not null
                ? $"{name} has no attribute {attribute}"
                : $"nothing here is named {name}",
            mark,
            key);

    /// <param name="values">Null for text outside Fn::Sub: there only pseudo parameters and <c>#{…}</c> are
    /// replaced.</param>
    public string Replace(string text, JsonObject? values, Mark mark, string key)
    {
        if (!text.Contains('{'))
        {
            return text;
        }

        var result = new StringBuilder();
        var end = 0;
        foreach (var match in SubstitutionPattern.EnumerateMatches(text))
        {
            result.Append(text, end, match.Index - end);
            end = match.Index + match.Length;
            var whole = text.AsSpan(match.Index, match.Length);
            var value = ReplaceOne(whole[0], whole[2..^1].Trim().ToString(), whole.ToString(), values, mark, key);
            problems.Allowance.Take(value.Length, mark, key);
            result.Append(value);
        }

        return result.Append(text, end, text.Length - end).ToString();
    }

    public static string TextOf(JsonValue value) => value is JsonString text ? text.Value : value.ToText();

    private string ReplaceOne(char sign, string name, string whole, JsonObject? values, Mark mark, string key)
    {
        if (values is not null && values[name] is { } value)
        {
            return TextOf(value);
        }

        if (sign == '$' && values is not null && name is ['!', .. var literal])
        {
            return $"${{{literal}}}";
        }

        if (sign == '#' && !replacesHashes)
        {
            return whole;
        }

        if (sign == '$' && values is null && !name.StartsWith("AWS::", StringComparison.Ordinal))
        {
            return whole;
        }

        return TextOf(name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            ? GetAtt(name[..dot], name[(dot + 1)..], mark, key)
            : Ref(name, mark, key));
    }

    private JsonString Unknown(string message, Mark mark, string key)
    {
        var names = string.Join(", ", references.Names.Order(StringComparer.Ordinal).Take(8));
        problems.Add(
            mark,
            key,
            message,
            names.Length == 0 ? "Declare it in this file." : $"Known are: {names}.");
        return new JsonString("");
    }

    [GeneratedRegex(@"[$#]\{[^{}]+\}", RegexOptions.None, 1000)]
    private static partial Regex SubstitutionPattern { get; }
}
