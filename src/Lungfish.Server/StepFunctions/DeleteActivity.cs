using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class DeleteActivity(IActivities activities) : IApiAction<ActivityInput, EmptyOutput>
{
    public async Task<EmptyOutput> HandleAsync(ActivityInput input, CancellationToken cancellationToken)
    {
        await activities.DeleteAsync(input.ActivityArn.Value, cancellationToken);
        return EmptyOutput.Instance;
    }
}
