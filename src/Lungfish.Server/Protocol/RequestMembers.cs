using System.Text;
using Lungfish.Engine;
using Lungfish.Json;

namespace Lungfish.Server.Protocol;

/// <summary>The members of a request's body, read under the constraints of AWS's service model.</summary>
/// <remarks>
/// Violations are collected and refused together by <see cref="Complete"/>, in the order of reading; a violated
/// required text reads as empty until then. A null member is an absent one, an unknown member is passed over, as AWS
/// does.
/// </remarks>
internal sealed class RequestMembers
{
    private readonly JsonObject _members;
    private readonly string _path;
    private readonly List<string> _violations;
    private readonly bool _keepsQuotas;

    private RequestMembers(JsonObject members, string path, List<string> violations, bool keepsQuotas)
    {
        _members = members;
        _path = path;
        _violations = violations;
        _keepsQuotas = keepsQuotas;
    }

    /// <param name="body">One JSON object.</param>
    /// <param name="keepsQuotas">False if texts may be longer than AWS's quotas allow.</param>
    /// <exception cref="ApiException">SerializationException: the body is not one JSON object.</exception>
    public static RequestMembers Parse(ReadOnlySpan<byte> body, bool keepsQuotas = true)
    {
        try
        {
            return JsonValue.Parse(body) is JsonObject members
                ? new RequestMembers(members, "", [], keepsQuotas)
                : throw ProtocolErrors.Unreadable("The request body must be a JSON object.");
        }
        catch (JsonParseException e)
        {
            throw ProtocolErrors.Unreadable($"The request body is not JSON: {e.Message}");
        }
    }

    public bool Has(string name) => Find(name) is not null;

    /// <summary>The member as it was sent, for checks before the constraints; null if it is no text.</summary>
    public string? Peek(string name) => (Find(name) as JsonString)?.Value;

    public string Text(string name, TextRule rule)
    {
        if (OptionalText(name, rule) is { } text)
        {
            return text;
        }

        Missing(name);
        return "";
    }

    public string? OptionalText(string name, TextRule rule)
    {
        var text = Find(name) switch
        {
            null => null,
            JsonString value => value.Value,
            var other => throw ProtocolErrors.Unreadable($"{Kind(other)} cannot be converted to String"),
        };
        if (text is not null && rule.WhyNot(text, _keepsQuotas) is { } must)
        {
            Violated(name, rule.IsSensitive ? null : text, must);
        }

        return text;
    }

    public int? OptionalInteger(string name, int min, int max)
    {
        var value = Find(name) switch
        {
            null => (int?)null,
            JsonNumber number when number.TryGetInt64(out var whole) =>
                (int)Math.Clamp(whole, int.MinValue, int.MaxValue),
            JsonNumber number => (int)Math.Clamp(number.Value, int.MinValue, int.MaxValue),
            var other => throw ProtocolErrors.Unreadable($"{Kind(other)} cannot be converted to Integer"),
        };
        if (value < min)
        {
            Violated(name, $"{value}", $"have value greater than or equal to {min}");
        }
        else if (value > max)
        {
            Violated(name, $"{value}", $"have value less than or equal to {max}");
        }

        return value;
    }

    public double? OptionalNumber(string name, double min, double max)
    {
        var value = Find(name) switch
        {
            null => (double?)null,
            JsonNumber number => number.Value,
            var other => throw ProtocolErrors.Unreadable($"{Kind(other)} cannot be converted to Float"),
        };
        if (value < min)
        {
            Violated(name, $"{value}", $"have value greater than or equal to {min}");
        }
        else if (value > max)
        {
            Violated(name, $"{value}", $"have value less than or equal to {max}");
        }

        return value;
    }

    public bool? OptionalBoolean(string name) => Find(name) switch
    {
        null => null,
        JsonBoolean value => value.Value,
        var other => throw ProtocolErrors.Unreadable($"{Kind(other)} cannot be converted to Boolean"),
    };

    public RequestMembers? OptionalObject(string name) => Find(name) switch
    {
        null => null,
        JsonObject value => new RequestMembers(value, $"{_path}{name}.", _violations, _keepsQuotas),
        _ => throw ProtocolErrors.Unreadable("Unexpected field type"),
    };

    public IReadOnlyList<RequestMembers>? OptionalObjects(string name)
    {
        if (Find(name) is not { } list)
        {
            return null;
        }

        if (list is not JsonArray array)
        {
            throw ProtocolErrors.Unreadable("Unexpected field type");
        }

        var items = new List<RequestMembers>(array.Count);
        foreach (var item in array)
        {
            // Recorded in sfn_api_aliasing: list members are counted from 1.
            items.Add(item is JsonObject members
                ? new RequestMembers(members, $"{_path}{name}.{items.Count + 1}.member.", _violations, _keepsQuotas)
                : throw ProtocolErrors.Unreadable("Unexpected field type"));
        }

        return items;
    }

    public void Missing(string name) => _violations.Add(
        $"Value null at '{_path}{name}' failed to satisfy constraint: Member must not be null");

    /// <exception cref="ApiException">ValidationException that names every violation.</exception>
    public void Complete()
    {
        if (_violations.Count == 0)
        {
            return;
        }

        var text = new StringBuilder()
            .Append(_violations.Count)
            .Append(_violations.Count == 1 ? " validation error detected: " : " validation errors detected: ")
            .AppendJoin("; ", _violations);
        throw ProtocolErrors.Validation(text.ToString());
    }

    private JsonValue? Find(string name) => _members[name] is { } value and not JsonNull ? value : null;

    // Recorded in sfn_api/test_list_executions_pagination; sensitive members are measured to show no value.
    private void Violated(string name, string? shown, string must)
    {
        var value = shown is null ? "Value" : $"Value '{shown}'";
        _violations.Add($"{value} at '{_path}{name}' failed to satisfy constraint: Member must {must}");
    }

    private static string Kind(JsonValue value) => value.Kind switch
    {
        JsonKind.Number => "NUMBER_VALUE",
        JsonKind.String => "STRING_VALUE",
        JsonKind.Boolean => value.Equals(JsonValue.True) ? "TRUE_VALUE" : "FALSE_VALUE",
        JsonKind.Array => "START_ARRAY",
        _ => "START_OBJECT",
    };
}
