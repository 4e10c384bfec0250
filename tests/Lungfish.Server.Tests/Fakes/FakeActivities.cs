using Lungfish.Engine.Api;

namespace Lungfish.Server.Tests.Fakes;

/// <summary>One activity, named <c>a</c>, for which no task ever comes.</summary>
internal sealed class FakeActivities : IActivities
{
    public const string Arn = "arn:aws:states:us-east-1:000000000000:activity:a";

    private readonly TaskCompletionSource _polled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when a worker polls.</summary>
    public Task Polled => _polled.Task;

    /// <summary>Done when the polling was cancelled.</summary>
    public Task Left => _left.Task;

    private static ActivityDescription Activity { get; } = new(Arn, "a", FakeStateMachines.CreatedAt);

    public Task<ActivityDescription> CreateAsync(
        string name, IReadOnlyList<Tag> tags, CancellationToken cancellationToken) =>
        Task.FromResult(Activity);

    public Task<ActivityDescription> DescribeAsync(string activityArn, CancellationToken cancellationToken) =>
        Task.FromResult(Activity);

    public Task DeleteAsync(string activityArn, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Page<ActivityDescription>> ListAsync(
        int countMax, string? nextToken, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<ActivityDescription>([Activity], null));

    public async Task<ActivityTask?> GetTaskAsync(
        string activityArn, string? workerName, TimeSpan atMost, CancellationToken cancellationToken)
    {
        _polled.SetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return null;
        }
        catch (OperationCanceledException)
        {
            _left.SetResult();
            throw;
        }
    }
}
