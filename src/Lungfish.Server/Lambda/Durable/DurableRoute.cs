namespace Lungfish.Server.Lambda.Durable;

internal enum DurableOperation
{
    Checkpoint,
    GetState,
    Get,
    GetHistory,
    Stop,
    Redrive,
    ListByFunction,
    SucceedCallback,
    FailCallback,
    HeartbeatCallback,
}

/// <summary>What a request to the API of 2025-12-01 asks for, read from its target as it was sent.</summary>
/// <param name="Name">The ARN, callback id or function that the path names, decoded.</param>
/// <remarks>
/// Labels of the path hold slashes: an ARN as <c>%2F</c>, a callback id in base64 too. Routing that decodes first, or
/// that leaves <c>%2F</c> as it is, loses them. Clients that do not encode at all are understood as well, because what
/// follows the label is known.
/// </remarks>
internal readonly record struct DurableRoute(DurableOperation Operation, string Name)
{
    private const string Prefix = "/2025-12-01/";
    private const string Executions = "durable-executions/";
    private const string Callbacks = "durable-execution-callbacks/";
    private const string Functions = "functions/";
    private const string OfFunction = "/durable-executions";

    /// <returns>Null: the API has no such operation.</returns>
    public static DurableRoute? Find(string method, string rawTarget)
    {
        if (!rawTarget.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var query = rawTarget.IndexOf('?', StringComparison.Ordinal);
        var path = rawTarget.AsSpan(Prefix.Length, (query < 0 ? rawTarget.Length : query) - Prefix.Length);
        return path.StartsWith(Executions, StringComparison.Ordinal) ? OfExecution(method, path[Executions.Length..])
            : path.StartsWith(Callbacks, StringComparison.Ordinal) ? OfCallback(method, path[Callbacks.Length..])
            : method == "GET" && path.StartsWith(Functions, StringComparison.Ordinal)
                && path.EndsWith(OfFunction, StringComparison.Ordinal)
                && path.Length > Functions.Length + OfFunction.Length
                ? Named(DurableOperation.ListByFunction, path[Functions.Length..^OfFunction.Length])
            : null;
    }

    private static DurableRoute? OfExecution(string method, ReadOnlySpan<char> path)
    {
        var slash = path.LastIndexOf('/');
        var verb = slash < 0 ? default : path[(slash + 1)..];
        DurableOperation? operation = verb switch
        {
            "checkpoint" when method == "POST" => DurableOperation.Checkpoint,
            "state" when method == "GET" => DurableOperation.GetState,
            "history" when method == "GET" => DurableOperation.GetHistory,
            "stop" when method == "POST" => DurableOperation.Stop,
            "redrive" when method == "POST" => DurableOperation.Redrive,
            _ => null,
        };
        return operation is { } named ? Named(named, path[..slash])
            : method == "GET" ? Named(DurableOperation.Get, path)
            : null;
    }

    private static DurableRoute? OfCallback(string method, ReadOnlySpan<char> path)
    {
        var slash = path.LastIndexOf('/');
        if (method != "POST" || slash < 0)
        {
            return null;
        }

        return path[(slash + 1)..] switch
        {
            "succeed" => Named(DurableOperation.SucceedCallback, path[..slash]),
            "fail" => Named(DurableOperation.FailCallback, path[..slash]),
            "heartbeat" => Named(DurableOperation.HeartbeatCallback, path[..slash]),
            _ => null,
        };
    }

    private static DurableRoute Named(DurableOperation operation, ReadOnlySpan<char> label) =>
        new(operation, label.Contains('%') ? Uri.UnescapeDataString(label) : label.ToString());
}
