using Lungfish.States.Testing;

namespace Lungfish.Engine.Api;

/// <summary>Tests of single states. Nothing of them is kept.</summary>
/// <remarks>Refusals are <see cref="ApiException"/>s with AWS's codes and texts.</remarks>
public interface IStateTests
{
    /// <summary>Runs one state as a running execution would, with its work mocked or really done.</summary>
    Task<StateTestResult> RunAsync(StateTestRequest request, CancellationToken cancellationToken);
}
