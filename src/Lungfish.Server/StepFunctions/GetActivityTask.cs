using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>A worker's long poll: costs no thread while it waits, and ends when the worker goes away.</summary>
internal sealed class GetActivityTask(IActivities activities, CancellationToken stopping)
    : IApiAction<GetActivityTaskInput, GetActivityTaskOutput>
{
    // Documented: the service holds the connection for 60 seconds.
    private static readonly TimeSpan PollMax = TimeSpan.FromSeconds(60);

    public async Task<GetActivityTaskOutput> HandleAsync(
        GetActivityTaskInput input, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        try
        {
            return new GetActivityTaskOutput(await activities.GetTaskAsync(
                input.ActivityArn.Value, input.WorkerName, PollMax, either.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new GetActivityTaskOutput(null); // As if nothing came: workers poll again.
        }
    }
}

internal sealed record GetActivityTaskInput(ActivityArn ActivityArn, string? WorkerName)
    : IApiInput<GetActivityTaskInput>
{
    public static GetActivityTaskInput Read(RequestMembers members)
    {
        var input = new GetActivityTaskInput(
            ActivityArn.Read(members, "activityArn"), members.OptionalText("workerName", Names.Rule));
        members.Complete();
        return input;
    }
}

/// <param name="Task">Null if none came while the worker waited; then the answer has no token.</param>
internal sealed record GetActivityTaskOutput(ActivityTask? Task) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteText("taskToken"u8, Task?.TaskToken);
        writer.WriteText("input"u8, Task?.Input);
    }
}
