using System.Collections;

namespace Lungfish.DurableFunctions;

/// <summary>What a line belongs to, in the names that the field's durable loggers use.</summary>
internal sealed class LogFields : IReadOnlyList<KeyValuePair<string, object>>
{
    private readonly List<KeyValuePair<string, object>> _fields = [];

    public int Count => _fields.Count;

    public KeyValuePair<string, object> this[int index] => _fields[index];

    public static LogFields Of(Invocation invocation, string? operationId, string? operationName, int? attempt)
    {
        var fields = new LogFields();
        fields.Add("requestId", invocation.LambdaContext.AwsRequestId);
        fields.Add("executionArn", invocation.ExecutionArn);
        fields.Add("tenantId", invocation.LambdaContext.TenantId);
        fields.Add("operationId", operationId);
        fields.Add("operationName", operationName);
        if (attempt is { } number)
        {
            fields._fields.Add(new KeyValuePair<string, object>("attempt", number));
        }

        return fields;
    }

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _fields.Add(new KeyValuePair<string, object>(name, value));
        }
    }
}
