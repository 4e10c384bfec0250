using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class CreateActivity(IActivities activities) : IApiAction<CreateActivityInput, CreateActivityOutput>
{
    public async Task<CreateActivityOutput> HandleAsync(CreateActivityInput input, CancellationToken cancellationToken)
    {
        var created = await activities.CreateAsync(input.Name, input.Tags, cancellationToken);
        return new CreateActivityOutput(created.Arn, created.CreatedAt);
    }
}

internal sealed record CreateActivityInput(string Name, IReadOnlyList<Tag> Tags) : IApiInput<CreateActivityInput>
{
    public static CreateActivityInput Read(RequestMembers members)
    {
        var name = members.Text("name", Names.Rule);
        var tags = StepFunctions.Tags.Read(members);
        var isOwnedKey = Encryption.ReadIsOwnedKey(members);
        members.Complete();

        _ = ResourceName.Check(name);
        Encryption.Require(isOwnedKey);
        StepFunctions.Tags.Check(tags, name);
        return new CreateActivityInput(name, tags);
    }
}

internal sealed record CreateActivityOutput(string ActivityArn, DateTimeOffset CreationDate) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("activityArn"u8, ActivityArn);
        writer.WriteTime("creationDate"u8, CreationDate);
    }
}
