namespace Lungfish.Engine.Api;

/// <summary>Activities and the workers that poll for their tasks.</summary>
public interface IActivities
{
    /// <summary>Creates an activity, or answers the one of this name; the tags of the first creation stay.</summary>
    Task<ActivityDescription> CreateAsync(string name, IReadOnlyList<Tag> tags, CancellationToken cancellationToken);

    Task<ActivityDescription> DescribeAsync(string activityArn, CancellationToken cancellationToken);

    Task DeleteAsync(string activityArn, CancellationToken cancellationToken);

    Task<Page<ActivityDescription>> ListAsync(int countMax, string? nextToken, CancellationToken cancellationToken);

    /// <summary>Waits for a task of the activity, at most for the time given; first come, first served.</summary>
    /// <returns>Null if none came. Otherwise the start of the task is durable.</returns>
    Task<ActivityTask?> GetTaskAsync(
        string activityArn, string? workerName, TimeSpan atMost, CancellationToken cancellationToken);
}

public sealed record ActivityDescription(string Arn, string Name, DateTimeOffset CreatedAt);

/// <param name="Input">JSON text.</param>
public sealed record ActivityTask(string TaskToken, string Input);
