using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.States.Testing;

/// <summary>Knows what services answer.</summary>
public interface IAnswerSchemas
{
    /// <summary>What is wrong with a mocked result, in AWS's words; null if nothing is, or nothing is known of the
    /// service.</summary>
    /// <param name="requireAll">STRICT: also what the service always answers must be there.</param>
    string? WhyNot(ServiceIntegration integration, JsonValue answer, bool requireAll);
}
