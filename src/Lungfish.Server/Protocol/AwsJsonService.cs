using System.Collections.Frozen;

namespace Lungfish.Server.Protocol;

/// <summary>A service of the AWS JSON protocol: its operations by the value of <c>X-Amz-Target</c>.</summary>
internal sealed class AwsJsonService
{
    private static readonly FrozenSet<string> Shared = FrozenSet.Create(
        "InternalFailure",
        "RequestEntityTooLarge",
        "SerializationException",
        "ServiceUnavailable",
        "ThrottlingException",
        "UnknownOperationException");

    private readonly string _errorPrefix;

    /// <param name="targetPrefix">Such as <c>AWSStepFunctions</c>.</param>
    /// <param name="errorPrefix">Stands in front of the code of the service's own errors.</param>
    /// <param name="operations">By name.</param>
    public AwsJsonService(
        string targetPrefix, string errorPrefix, IEnumerable<(string Name, ApiOperation Operation)> operations)
    {
        _errorPrefix = errorPrefix;
        Operations = operations.ToFrozenDictionary(
            operation => $"{targetPrefix}.{operation.Name}", operation => operation.Operation, StringComparer.Ordinal);
    }

    public FrozenDictionary<string, ApiOperation> Operations { get; }

    /// <summary>The <c>__type</c> of an answer that refuses; SDKs take what follows the <c>#</c>.</summary>
    public string TypeOf(string code)
    {
        // Measured: the validation of model constraints has a prefix of its own.
        if (code == ProtocolErrors.ValidationException)
        {
            return "com.amazon.coral.validate#ValidationException";
        }

        return Shared.Contains(code) ? code : _errorPrefix + code;
    }
}
