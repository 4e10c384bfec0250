using System.Text.Json;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class UpdateStateMachine(IStateMachines stateMachines)
    : IApiAction<UpdateStateMachineInput, UpdateStateMachineOutput>
{
    public async Task<UpdateStateMachineOutput> HandleAsync(
        UpdateStateMachineInput input, CancellationToken cancellationToken)
    {
        var updated = await stateMachines.UpdateAsync(input.StateMachineArn.Value, input.Change, cancellationToken);
        return new UpdateStateMachineOutput(updated.UpdatedAt, updated.RevisionId);
    }
}

internal sealed record UpdateStateMachineInput(StateMachineArn StateMachineArn, StateMachineChange Change)
    : IApiInput<UpdateStateMachineInput>
{
    public static UpdateStateMachineInput Read(RequestMembers members)
    {
        var arn = StateMachineArn.Read(members, "stateMachineArn");
        var definition = members.OptionalText("definition", StateMachineMembers.DefinitionRule);
        var roleArn = members.OptionalText("roleArn", ArnForm.Rule);
        var logging = LoggingConfiguration.Read(members);
        var tracing = TracingConfiguration.Read(members);
        var publishing = Publishing.Read(members);
        var isOwnedKey = Encryption.ReadIsOwnedKey(members);
        members.Complete();

        Encryption.Require(isOwnedKey);
        publishing.Require();
        var isEncryptionGiven = members.Has("encryptionConfiguration");
        if (definition is null && roleArn is null && logging is null && tracing is null && !isEncryptionGiven)
        {
            throw StepFunctionsErrors.MissingRequiredParameter();
        }

        return new UpdateStateMachineInput(arn, new StateMachineChange
        {
            Definition = definition,
            RoleArn = roleArn,
            LoggingConfiguration = logging?.Checked(),
            TracingConfiguration = tracing?.ToJson(),
        });
    }
}

internal sealed record UpdateStateMachineOutput(DateTimeOffset UpdateDate, string? RevisionId) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteTime("updateDate"u8, UpdateDate);
        writer.WriteText("revisionId"u8, RevisionId);
    }
}
