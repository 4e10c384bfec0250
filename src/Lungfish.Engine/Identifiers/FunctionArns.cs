namespace Lungfish.Engine.Identifiers;

/// <summary>ARNs of functions, as far as executions are stored under them.</summary>
internal static class FunctionArns
{
    /// <summary>True for <c>arn:PARTITION:lambda:...</c>, whatever the partition.</summary>
    public static bool IsFunction(string arn)
    {
        const string Service = "lambda:";
        if (!arn.StartsWith("arn:", StringComparison.Ordinal))
        {
            return false;
        }

        var afterPartition = arn.IndexOf(':', 4) + 1;
        return afterPartition > 0 && arn.AsSpan(afterPartition).StartsWith(Service, StringComparison.Ordinal);
    }
}
