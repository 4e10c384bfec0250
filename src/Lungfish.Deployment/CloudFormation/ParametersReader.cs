using Lungfish.Deployment.Documents;
using Lungfish.Json;

namespace Lungfish.Deployment.CloudFormation;

/// <summary>Reads the section Parameters: what each one's value is.</summary>
internal static class ParametersReader
{
    private const string StoredPrefix = "AWS::SSM::Parameter::Value<";

    /// <summary>What <c>cdk bootstrap</c> would have stored: a version that every rule of the CDK takes. Nothing has
    /// to be bootstrapped here.</summary>
    private const string BootstrapVersion = "30";

    public static IReadOnlyDictionary<string, JsonValue> Read(
        Section? parameters, IReadOnlyDictionary<string, string> given)
    {
        var values = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        if (parameters is null)
        {
            return values;
        }

        foreach (var entry in parameters.Named)
        {
            values[entry.Key] = ReadOne(parameters.Open(entry), entry, given.GetValueOrDefault(entry.Key));
        }

        return values;
    }

    private static JsonValue ReadOne(Section parameter, MapEntry entry, string? given)
    {
        var type = parameter.RequireText("Type");
        var value = given ?? parameter.ReadText("Default");
        _ = parameter.ReadText("Default");
        var allowed = parameter.Read("AllowedValues") as ListNode;
        foreach (var key in (string[])
            ["AllowedPattern", "ConstraintDescription", "Description", "MaxLength", "MaxValue", "MinLength", "MinValue",
                "NoEcho"])
        {
            _ = parameter.Read(key);
        }

        parameter.End();
        if (value is null)
        {
            parameter.Complain(
                entry.KeyMark,
                parameter.Path,
                "the parameter has no value",
                $"Give one: --parameter {entry.Key}=VALUE.");
            return "";
        }

        if (type.StartsWith(StoredPrefix, StringComparison.Ordinal))
        {
            return ReadStored(parameter, entry, value);
        }

        if (allowed is not null && allowed.Items.OfType<ScalarNode>().All(item => item.Display != value))
        {
            var values = string.Join(", ", allowed.Items.OfType<ScalarNode>().Select(item => item.Display));
            parameter.Complain(
                entry.KeyMark, parameter.Path, $"{value} is no allowed value", $"Give one of: {values}.");
        }

        return type == "CommaDelimitedList" || type.StartsWith("List<", StringComparison.Ordinal)
            ? JsonArray.Of(value.Split(',').Select(item => (JsonValue)new JsonString(item.Trim())))
            : value;
    }

    private static JsonString ReadStored(Section parameter, MapEntry entry, string name)
    {
        if (name.StartsWith("/cdk-bootstrap/", StringComparison.Ordinal)
            && name.EndsWith("/version", StringComparison.Ordinal))
        {
            return new JsonString(BootstrapVersion);
        }

        parameter.Complain(
            entry.KeyMark,
            parameter.Path,
            $"the value is that of the SSM parameter {name}, and SSM is not there",
            "Make the parameter a String with the value itself.");
        return new JsonString("");
    }
}
