using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class DescribeActivity(IActivities activities) : IApiAction<ActivityInput, DescribeActivityOutput>
{
    public async Task<DescribeActivityOutput> HandleAsync(ActivityInput input, CancellationToken cancellationToken) =>
        new(await activities.DescribeAsync(input.ActivityArn.Value, cancellationToken));
}

/// <summary>The input of operations that take nothing but an activity.</summary>
internal sealed record ActivityInput(ActivityArn ActivityArn) : IApiInput<ActivityInput>
{
    public static ActivityInput Read(RequestMembers members)
    {
        var input = new ActivityInput(ActivityArn.Read(members, "activityArn"));
        members.Complete();
        return input;
    }
}

internal sealed record DescribeActivityOutput(ActivityDescription Activity) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("activityArn"u8, Activity.Arn);
        writer.WriteString("name"u8, Activity.Name);
        writer.WriteTime("creationDate"u8, Activity.CreatedAt);
        Encryption.WriteOwnedKey(writer);
    }
}
