using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Lungfish.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Lungfish.Deployment.Documents;

/// <summary>Reads YAML (and so JSON) into located nodes; CloudFormation's short tags become their long forms.</summary>
public static partial class YamlDocumentReader
{
    /// <summary>Four times what the longest template that CloudFormation takes has.</summary>
    private const int CharactersMax = 4 * 1024 * 1024;

    /// <exception cref="DeploymentException">The text is not one YAML document.</exception>
    public static DocumentNode Read(string fileName, string text)
    {
        CheckLength(fileName, text.Length);
        return new YamlDocument(fileName, text).Read();
    }

    /// <summary>Reads the text of a file that is to be deployed, and not much more of it than it may have.</summary>
    /// <param name="fileName">As it is shown.</param>
    /// <exception cref="DeploymentException">It is longer.</exception>
    public static string ReadText(string fileName, string path)
    {
        using var file = new StreamReader(path);
        var text = new StringBuilder();
        var part = new char[64 * 1024];
        while (file.ReadBlock(part) is var count and > 0)
        {
            _ = text.Append(part, 0, count);
            CheckLength(fileName, text.Length);
        }

        return text.ToString();
    }

    private static void CheckLength(string fileName, int characters)
    {
        if (characters > CharactersMax)
        {
            var message = $"the file has more than {CharactersMax} characters";
            throw new DeploymentException(fileName, [new Problem(new Mark(1, 1), "", message, "Make it smaller.")]);
        }
    }

    internal static JsonValue ReadScalar(Scalar scalar)
    {
        var text = scalar.Value;
        var isTaggedText = scalar.Tag is { IsEmpty: false, IsNonSpecific: false, Value: "tag:yaml.org,2002:str" };
        if (scalar.Style is not ScalarStyle.Plain || isTaggedText)
        {
            return text;
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => JsonValue.Null,
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ => ReadNumber(text) ?? text,
        };
    }

    private static JsonValue? ReadNumber(string text)
    {
        if (JsonNumberPattern.IsMatch(text))
        {
            return JsonValue.Parse(text);
        }

        if (HexPattern.IsMatch(text)
            && long.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex))
        {
            return hex;
        }

        return FloatPattern.IsMatch(text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : null;
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JsonNumberPattern { get; }

    [GeneratedRegex("^0x[0-9a-fA-F]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HexPattern { get; }

    /// <summary>What YAML 1.2 reads as a number and JSON does not: +1, .5, 1., 007.</summary>
    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FloatPattern { get; }
}
