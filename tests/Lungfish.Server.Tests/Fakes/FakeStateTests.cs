using Lungfish.Engine.Api;
using Lungfish.Json;
using Lungfish.States.Testing;

namespace Lungfish.Server.Tests.Fakes;

/// <summary>Keeps what was asked and answers what it was given.</summary>
internal sealed class FakeStateTests : IStateTests
{
    public StateTestRequest? Asked { get; private set; }

    public StateTestResult Result { get; set; } = new()
    {
        Status = StateTestStatus.Succeeded,
        Output = JsonObject.Empty,
        Inspection = new StateInspection { Input = JsonObject.Empty },
    };

    public Task<StateTestResult> RunAsync(StateTestRequest request, CancellationToken cancellationToken)
    {
        Asked = request;
        return Task.FromResult(Result);
    }
}
