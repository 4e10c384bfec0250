using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Tasks;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Tests;

/// <summary>Tasks as the engine hands them out.</summary>
internal static class Assignments
{
    public static TaskAssignment Of(
        TaskResource resource, JsonValue input, TaskPhase phase = TaskPhase.Scheduled)
    {
        var identity = new ExecutionIdentity
        {
            ExecutionArn = AwsAccount.Default.ExecutionArn("machine", "execution"),
            ExecutionName = "execution",
            StateMachineArn = AwsAccount.Default.StateMachineArn("machine"),
            StateMachineName = "machine",
            RoleArn = "arn:aws:iam::000000000000:role/any",
        };
        var task = new PendingTask
        {
            Id = 3,
            Resource = resource,
            StateName = "Work",
            RetryCount = 0,
            Input = input,
            ScheduledAt = DateTimeOffset.UnixEpoch,
            Phase = phase,
        };
        return new TaskAssignment(new ExecutionId(new Slot(1), Guid.Empty), identity, task, Token: null);
    }
}
