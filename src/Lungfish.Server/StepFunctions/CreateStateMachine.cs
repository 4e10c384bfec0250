using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class CreateStateMachine(IStateMachines stateMachines)
    : IApiAction<CreateStateMachineInput, CreateStateMachineOutput>
{
    public async Task<CreateStateMachineOutput> HandleAsync(
        CreateStateMachineInput input, CancellationToken cancellationToken)
    {
        var created = await stateMachines.CreateAsync(input.Machine, cancellationToken);
        return new CreateStateMachineOutput(created.Arn, created.CreatedAt);
    }
}

internal sealed record CreateStateMachineInput(NewStateMachine Machine) : IApiInput<CreateStateMachineInput>
{
    public static CreateStateMachineInput Read(RequestMembers members)
    {
        var name = members.Text("name", Names.Rule);
        var definition = members.Text("definition", StateMachineMembers.DefinitionRule);
        var roleArn = members.Text("roleArn", ArnForm.Rule);
        var type = members.OptionalText("type", StateMachineMembers.TypeRule);
        var logging = LoggingConfiguration.Read(members);
        var tracing = TracingConfiguration.Read(members);
        var tags = Tags.Read(members);
        var publishing = Publishing.Read(members);
        var isOwnedKey = Encryption.ReadIsOwnedKey(members);
        members.Complete();

        _ = ResourceName.Check(name);
        Encryption.Require(isOwnedKey);
        publishing.Require();
        Tags.Check(tags, name);
        return new CreateStateMachineInput(new NewStateMachine
        {
            Name = name,
            Definition = definition,
            RoleArn = roleArn,
            Type = StateMachineMembers.TypeOf(type),
            LoggingConfiguration = logging?.Checked(),
            TracingConfiguration = tracing?.ToJson(),
            Tags = tags,
        });
    }
}

internal sealed record CreateStateMachineOutput(string StateMachineArn, DateTimeOffset CreationDate) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("stateMachineArn"u8, StateMachineArn);
        writer.WriteTime("creationDate"u8, CreationDate);
    }
}
