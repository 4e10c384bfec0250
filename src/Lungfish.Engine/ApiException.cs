namespace Lungfish.Engine;

/// <summary>A refusal that clients see. <see cref="Code"/> is the exact name that AWS SDKs match on.</summary>
/// <remarks>Made by the factories of each service's errors class, written to the wire in one place.</remarks>
public sealed class ApiException : Exception
{
    public ApiException(
        string code,
        string message,
        int httpStatus = 400,
        params IReadOnlyList<(string Name, string Value)> members)
        : base(message)
    {
        Code = code;
        HttpStatus = httpStatus;
        Members = members;
    }

    public string Code { get; }

    public int HttpStatus { get; }

    /// <summary>Further members of the answer's body, such as <c>resourceName</c>.</summary>
    public IReadOnlyList<(string Name, string Value)> Members { get; }
}
