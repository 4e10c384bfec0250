using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class DeleteStateMachine(IStateMachines stateMachines)
    : IApiAction<DeleteStateMachineInput, EmptyOutput>
{
    public async Task<EmptyOutput> HandleAsync(DeleteStateMachineInput input, CancellationToken cancellationToken)
    {
        await stateMachines.DeleteAsync(input.StateMachineArn.Value, cancellationToken);
        return EmptyOutput.Instance;
    }
}

internal sealed record DeleteStateMachineInput(StateMachineArn StateMachineArn) : IApiInput<DeleteStateMachineInput>
{
    public static DeleteStateMachineInput Read(RequestMembers members)
    {
        var input = new DeleteStateMachineInput(StateMachineArn.Read(members, "stateMachineArn"));
        members.Complete();
        return input;
    }
}
